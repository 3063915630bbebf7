using System.Globalization;
using CourseRec.Node.Cli.Targets;
using Spectre.Console;

namespace CourseRec.Node.Cli.Output;

/// <summary>Shows how sending goes: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class ProgressDisplay(IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows progress until the work is done.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">Events in all; null when it goes on until stopped.</param>
    /// <param name="progress">The counts.</param>
    /// <param name="work">The work.</param>
    public Task RunAsync(string title, long? total, SendProgress progress, Task work)
    {
        var rate = new RateMeter(progress, time);
        return console.Profile.Capabilities.Interactive
            ? BarAsync(title, total, rate, work)
            : LinesAsync(title, total, rate, work);
    }

    private Task BarAsync(string title, long? total, RateMeter rate, Task work) =>
        console
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: total ?? 1);
                bar.IsIndeterminate = total is null;
                await EveryAsync(
                    BarInterval,
                    work,
                    () =>
                    {
                        bar.Value = total is null ? 0 : rate.Sent;
                        bar.Description = Markup.Escape($"{title}: {rate.Describe(total)}");
                    }
                );
            });

    private Task LinesAsync(string title, long? total, RateMeter rate, Task work) =>
        EveryAsync(LineInterval, work, () => console.WriteLine($"{title}: {rate.Describe(total)}"));

    private async Task EveryAsync(TimeSpan interval, Task work, Action show)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(interval, time));
            show();
        }
        await work;
    }

    private sealed class RateMeter(SendProgress progress, TimeProvider time)
    {
        private readonly long _started = time.GetTimestamp();

        public long Sent => progress.Sent;

        public string Describe(long? total)
        {
            var sent = progress.Sent;
            var perSecond = sent / Math.Max(time.GetElapsedTime(_started).TotalSeconds, 0.001);
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{sent:N0} events, {perSecond:N0}/s, lag {progress.Lag:N0}"
            );
            return total is { } all && perSecond > 0
                ? $"{text}, {TimeSpan.FromSeconds((all - sent) / perSecond):h\\:mm\\:ss} left"
                : text;
        }
    }
}
