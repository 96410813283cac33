using System.CommandLine;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Gpus;
using Nosana.Node.Hosting;
using Nosana.Node.Jobs.Admission;

namespace Nosana.Node.Cli.Options;

/// <summary>The option that names the container engine.</summary>
internal sealed class EngineOptions
{
    private readonly Option<string?> _docker = new("--docker") { Description = "Docker Engine: unix:///run/docker.sock or tcp://HOST:PORT (DOCKER_HOST; default unix:///var/run/docker.sock)" };

    public void AddTo(Command command) => command.Options.Add(_docker);

    /// <summary>A client of the engine that the options name. Whether it answers is asked by whoever uses it.</summary>
    public IEngineClient Connect(ParseResult parse)
    {
        string address = parse.GetValue(_docker) ?? (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock");
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)) throw new CommandException($"--docker '{address}' is no address. Write unix:///PATH or tcp://HOST:PORT.", ExitCodes.Refused);
        return new EngineClient(uri);
    }

    /// <summary>The machine's GPUs as far as containers of this engine get them.</summary>
    public static GpuSlotSnapshot Through(HardeningProfile profile, GpuSlotSnapshot gpus) =>
        profile.GpuInjection == GpuInjection.None && gpus.Gpus.Count > 0 ? GpuSlotSnapshot.None(GpuInjections.WhyNone) : gpus;

    /// <exception cref="CommandException">The engine does not answer.</exception>
    public static async Task<EngineStatus> RequireAsync(ContainerRuntime containers, CancellationToken cancel)
    {
        try
        {
            return await containers.PingAsync(cancel);
        }
        catch (EngineException e)
        {
            throw new CommandException(e.Message, ExitCodes.Refused, e);
        }
    }
}
