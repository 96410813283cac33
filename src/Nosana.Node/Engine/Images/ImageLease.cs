namespace Nosana.Node.Engine.Images;

/// <summary>An image that stays on the engine while this is held.</summary>
internal sealed class ImageLease(string reference, string name, Action<ImageLease> release) : IDisposable
{
    private PulledImage? _image;
    private int _released;

    /// <summary>What a job names, written out.</summary>
    public string Reference { get; } = reference;

    /// <summary>What it is called on the engine when this agent pulled it, written out; the reference itself where the engine pulls.</summary>
    public string Name { get; } = name;

    public PulledImage Image => _image ?? throw new InvalidOperationException($"Image {Reference} is not there yet.");

    /// <summary>The engine's id; null until the image is there.</summary>
    internal string? ImageId => _image?.Id;

    internal void Hold(PulledImage image) => _image = image;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) release(this);
    }
}
