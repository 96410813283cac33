using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;

namespace Nosana.Deployments.Reconciling.Cluster;

/// <summary>Where deployments are reconciled.</summary>
public sealed record ClusterOptions
{
    /// <summary>Of the database in which several processes find each other; null is this process alone.</summary>
    public string? Postgres { get; init; }

    /// <summary>Of this process, as the others reach it.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }
}

/// <summary>Puts reconciling into a host: of this process alone, or of one of several with the same code.</summary>
public static class DeploymentCluster
{
    private const string Name = "nosana-deployments";

    /// <summary>
    /// Needs a <see cref="Store.DeploymentStore"/>, an <see cref="Chain.IDeploymentChain"/>, an <see cref="Chain.IJobDocuments"/> and a
    /// <see cref="TimeProvider"/> among the services. A process that answers the API alone leaves this out: what it writes is due, and found by the others.
    /// </summary>
    public static void UseDeploymentCluster(this IHostApplicationBuilder builder, ClusterOptions cluster, ReconcilingOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<DeploymentReconciler>();
        int port = cluster.Port != 0 ? cluster.Port : FreePort(cluster.Address);
        builder.UseOrleans(silo =>
        {
            if (cluster.Postgres is { } connection)
            {
                builder.Services.AddHostedService(_ => new SchemaMaker(connection));
                silo.UseAdoNetClustering(settings =>
                {
                    settings.Invariant = "Npgsql";
                    settings.ConnectionString = new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = true }.ToString();
                });
                silo.Configure<Orleans.Configuration.ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (Name, Name));
            }
            else
            {
                silo.UseLocalhostClustering(port, gatewayPort: 0, serviceId: Name, clusterId: Name);
            }
            silo.ConfigureEndpoints(cluster.Address, port, gatewayPort: 0, listenOnAnyHostAddress: false);
            // One that is killed is found out within 2 s or so, and its deployments go on elsewhere.
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            });
            silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(10));
        });
        // After the silo, so that it calls nobody before there is one.
        builder.Services.AddHostedService<DueWaker>();
    }

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Before the silo looks for the tables.</summary>
    private sealed class SchemaMaker(string connection) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => ClusterSchema.EnsureAsync(connection, cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
