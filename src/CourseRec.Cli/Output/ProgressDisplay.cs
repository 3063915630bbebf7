using Spectre.Console;

namespace CourseRec.Cli.Output;

/// <summary>How far some work is.</summary>
/// <param name="Share">From 0 to 1; null when nobody knows.</param>
/// <param name="Text">In words.</param>
public readonly record struct ProgressState(double? Share, string Text);

/// <summary>Shows how work goes: a bar on a terminal, a line every few seconds elsewhere.</summary>
/// <param name="console">Where.</param>
/// <param name="time">The clock.</param>
/// <param name="lineInterval">Time between lines; 5 s when null.</param>
public sealed class ProgressDisplay(IAnsiConsole console, TimeProvider time, TimeSpan? lineInterval = null)
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows progress until the work is done.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="read">How far it is; asked now and then.</param>
    /// <param name="work">The work.</param>
    public Task RunAsync(string title, Func<ProgressState> read, Task work) =>
        console.Profile.Capabilities.Interactive ? BarAsync(title, read, work) : LinesAsync(title, read, work);

    private Task BarAsync(string title, Func<ProgressState> read, Task work) =>
        console
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                await EveryAsync(
                    BarInterval,
                    work,
                    () =>
                    {
                        var (share, text) = read();
                        bar.IsIndeterminate = share is null;
                        bar.Value = share ?? 0;
                        bar.Description = Markup.Escape($"{title}: {text}");
                    }
                );
            });

    private Task LinesAsync(string title, Func<ProgressState> read, Task work) =>
        EveryAsync(lineInterval ?? LineInterval, work, () => console.WriteLine($"{title}: {read().Text}"));

    private async Task EveryAsync(TimeSpan interval, Task work, Action show)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(interval, time));
            if (!work.IsFaulted)
                show();
        }
        await work;
    }
}
