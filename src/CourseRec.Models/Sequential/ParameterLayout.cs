namespace CourseRec.Models.Sequential;

/// <summary>
/// The order of all tensors in the flat float32 array that training, files and serving share. Row 0 of <c>item</c> and
/// <c>outputBias</c> is padding, rows 1 … V are courses, row V + 1 is the mask token.
/// </summary>
public sealed class ParameterLayout
{
    private readonly List<ParameterTensor> _tensors = [];
    private readonly Dictionary<string, ParameterTensor> _byName = new(StringComparer.Ordinal);
    private int _length;

    private ParameterLayout() { }

    /// <summary>All tensors, in order, without gaps.</summary>
    public IReadOnlyList<ParameterTensor> Tensors => _tensors;

    /// <summary>How many values there are in all.</summary>
    public int Length => _length;

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such tensor.</exception>
    public ParameterTensor this[string name] => _byName[name];

    /// <summary>The layout of a model.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="courses">V, at least 1.</param>
    /// <exception cref="ArgumentException">The shape is not possible, or the parameters exceed what one array can
    /// hold.</exception>
    public static ParameterLayout Of(SequentialConfig config, int courses)
    {
        config.Validated();
        if (courses < 1)
            throw new ArgumentException($"A model needs at least one course; it has {courses}.");
        if ((courses + 2L) * (config.Dimension + 1L) > Array.MaxLength / 2)
            throw new ArgumentException($"A model of {courses} courses × {config.Dimension} is too large.");
        var layout = new ParameterLayout();
        layout.AddAll(config, courses);
        return layout;
    }

    private void AddAll(SequentialConfig config, int courses)
    {
        var d = config.Dimension;
        Add("item", courses + 2, d);
        Add("position", config.MaxLength, d);
        if (config.Block == SequentialBlock.Plain)
            Norm("inputNorm", d);
        for (var i = 0; i < config.Layers; i++)
        {
            if (config.Block == SequentialBlock.Plain)
                PlainLayer($"layer{i}.", d, config.FeedForward);
            else
                GatedLayer($"layer{i}.", d, config.FeedForward);
        }
        if (config.Block == SequentialBlock.Plain)
        {
            Linear("head", d, d);
            Norm("headNorm", d);
        }
        else
            Norm("finalNorm", d);
        Add("outputBias", courses + 2, 1);
    }

    private void PlainLayer(string layer, int d, int f)
    {
        Linear(layer + "qkv", 3 * d, d);
        Linear(layer + "proj", d, d);
        Norm(layer + "norm1", d);
        Linear(layer + "ff1", f, d);
        Linear(layer + "ff2", d, f);
        Norm(layer + "norm2", d);
    }

    private void GatedLayer(string layer, int d, int f)
    {
        Norm(layer + "norm1", d);
        Linear(layer + "qkv", 3 * d, d);
        Linear(layer + "proj", d, d);
        Linear(layer + "gate1", d, d);
        Norm(layer + "norm2", d);
        Linear(layer + "up", 2 * f, d);
        Linear(layer + "down", d, f);
        Linear(layer + "gate2", d, d);
    }

    private void Linear(string name, int outputs, int inputs)
    {
        Add(name + ".weight", outputs, inputs);
        Add(name + ".bias", 1, outputs);
    }

    private void Norm(string name, int d)
    {
        Add(name + ".weight", 1, d);
        Add(name + ".bias", 1, d);
    }

    private void Add(string name, int rows, int columns)
    {
        var tensor = new ParameterTensor(name, rows, columns, _length);
        _tensors.Add(tensor);
        _byName.Add(name, tensor);
        _length = checked(_length + tensor.Length);
    }
}
