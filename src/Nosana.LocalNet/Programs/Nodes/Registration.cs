using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;

namespace Nosana.LocalNet.Programs.Nodes;

/// <summary>The arguments that register and update share, and their checks in order.</summary>
internal static class Registration
{
    public static NodeAccount Apply(AnchorCall call, NodeAccount node)
    {
        var architecture = (NodeArchitecture)call.Argument<byte>("architecture");
        ushort country = call.Argument<ushort>("country");
        call.Require(architecture != NodeArchitecture.Unknown && Enum.IsDefined(architecture), NodesError.ArchitectureUnknown);
        call.Require(CountryCodes.IsKnown(country), NodesError.CountryCodeUnknown);
        NodeAccount updated = node with
        {
            Architecture = architecture,
            Country = country,
            Cpu = Positive("cpu", NodesError.CpuInvalid),
            Gpu = call.Argument<ushort>("gpu"),
            Memory = Positive("memory", NodesError.MemoryInvalid),
            Iops = Positive("iops", NodesError.IopsInvalid),
            Storage = Positive("storage", NodesError.StorageInvalid),
            Endpoint = call.Argument<string>("endpoint"),
            Icon = call.Argument<string>("icon"),
            Version = call.Argument<string>("version"),
        };
        return updated;

        ushort Positive(string name, NodesError error)
        {
            ushort value = call.Argument<ushort>(name);
            call.Require(value > 0, error);
            return value;
        }
    }
}
