namespace Nosana.Node.Engine.Images;

/// <summary>An image that stays on the engine while this is held.</summary>
internal sealed class ImageLease(string reference, Action<ImageLease> release) : IDisposable
{
    private PulledImage? _image;
    private int _released;

    /// <summary>Written out.</summary>
    public string Reference { get; } = reference;

    public PulledImage Image => _image ?? throw new InvalidOperationException($"Image {Reference} is not there yet.");

    /// <summary>The engine's id; null until the image is there.</summary>
    internal string? ImageId => _image?.Id;

    internal void Hold(PulledImage image) => _image = image;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) release(this);
    }
}
