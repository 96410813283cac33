namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>A theme of attacks, which share one job.</summary>
public abstract class AttackClass : IAsyncLifetime
{
    private Tenant? _tenant;

    private protected Tenant Tenant => _tenant!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => _tenant = await Tenant.OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_tenant is not null) await _tenant.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
