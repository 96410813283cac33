namespace Nosana.Docker.Transport;

/// <summary>Kinds of things that an engine has.</summary>
internal enum EngineResource
{
    Other,
    Container,
    Image,
    Network,
    Volume,
}
