using System.Reflection;

namespace CourseRec.Node.Options;

/// <summary>
/// Binds a section by the framework's binder. Its errors name types, not what an operator wrote, and it does not know
/// <c>30s</c> or <c>512MiB</c>: each text is checked by what is declared beside its property, and rewritten, before.
/// </summary>
internal static class OptionsBinder
{
    /// <summary>The options of a section.</summary>
    /// <exception cref="OptionsException">A value is not allowed, or an option is not known.</exception>
    public static T Bind<T>(IConfigurationSection section)
        where T : new() =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                Checked(section, typeof(T)).Select(o => KeyValuePair.Create(o.Path, (string?)o.Text))
            )
            .Build()
            .GetSection(section.Path)
            .Get<T>(binder => binder.ErrorOnUnknownConfiguration = true)
        ?? new T();

    private static IEnumerable<(string Path, string Text)> Checked(IConfigurationSection section, Type type)
    {
        var known = type.GetProperties()
            .Where(p => p.CanWrite)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var names = string.Join(", ", known.Keys.Order(StringComparer.Ordinal));
        if (!string.IsNullOrEmpty(section.Value))
            throw Refused(section, section.Value, $"a section of {names}");
        foreach (var option in section.GetChildren())
        {
            if (!known.TryGetValue(option.Key, out var property))
                throw new OptionsException($"{option.Path} is not an option; known here: {names}.");
            foreach (var value in Checked(option, property))
                yield return value;
        }
    }

    private static IEnumerable<(string Path, string Text)> Checked(IConfigurationSection option, PropertyInfo property)
    {
        var type = property.PropertyType;
        if (type.IsClass && type.Namespace == typeof(NodeOptions).Namespace)
            return Checked(option, type);
        var children = option.GetChildren().ToArray();
        if (type == typeof(IReadOnlyDictionary<string, string>))
            return children.Select(child => (child.Path, child.Value ?? throw Refused(child, "a section", "text")));

        var isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
        var rule =
            property.GetCustomAttribute<AllowedAttribute>()
            ?? AllowedAttribute.Default(isList ? type.GenericTypeArguments[0] : type, isList);
        string Read(string text) => rule.Read(text) ?? throw Refused(option, text, rule.Allowed);

        if (children.Length > 0)
            return isList
                ? children.Select(child => (child.Path, Read(child.Value ?? "")))
                : throw Refused(option, "a section", rule.Allowed);
        if (option.Value is not { } value)
            return [];
        return isList
            ? value.Split(',', StringSplitOptions.TrimEntries).Select((text, i) => ($"{option.Path}:{i}", Read(text)))
            : [(option.Path, Read(value))];
    }

    private static OptionsException Refused(IConfigurationSection option, string value, string allowed) =>
        new($"{option.Path} is '{value}'; allowed: {allowed}.");
}
