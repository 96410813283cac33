using Nosana.Node.Cli;
using Nosana.Node.Hosting;

ProcessProtection.Begin();
ProcessMemory.Begin();
return await NodeCommand.RunAsync(args);
