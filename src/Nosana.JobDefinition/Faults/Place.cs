using System.Text;

namespace Nosana.JobDefinition.Faults;

/// <summary>
/// Where a walk through a document is. Its text is made only when something is to be said there: keys may be as long as the document,
/// and a walk comes to every value below them.
/// </summary>
internal sealed class Place
{
    private readonly Place? _parent;
    private readonly string? _key;
    private readonly int _index;

    private Place(Place? parent, string? key, int index)
    {
        _parent = parent;
        _key = key;
        _index = index;
    }

    /// <summary>A place given by its text.</summary>
    public static Place At(string path) => new(null, path, 0);

    public Place Member(string key) => new(this, key, 0);

    public Place Item(int index) => new(this, null, index);

    public override string ToString()
    {
        var places = new Stack<Place>();
        for (Place? at = this; at is not null; at = at._parent) places.Push(at);
        var text = new StringBuilder(places.Pop()._key);
        foreach (Place place in places) text.Append(place._key is { } key ? JsonPath.Member(key) : JsonPath.Item(place._index));
        return text.ToString();
    }
}
