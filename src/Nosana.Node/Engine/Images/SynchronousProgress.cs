namespace Nosana.Node.Engine.Images;

/// <summary>Calls back at once and in order, where <see cref="Progress{T}"/> would hand over to the thread pool.</summary>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
