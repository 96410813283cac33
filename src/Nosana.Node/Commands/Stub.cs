#pragma warning disable
using System.CommandLine;
namespace Nosana.LocalNet { public sealed record LocalNetIpfsInfo(string Api, string Gateway); public sealed record LocalNetInfo(string Rpc, string Ws, LocalNetIpfsInfo Ipfs, string Market) { public static LocalNetInfo Read(string f) => throw new System.NotImplementedException(); } }
namespace Nosana.LocalNet.Storage { public static class MachineSqlite { public static void Use() {} } }
namespace Nosana.Node.Commands { static class LocalNetCommand { public static Command Create() => throw new System.NotImplementedException(); } }
