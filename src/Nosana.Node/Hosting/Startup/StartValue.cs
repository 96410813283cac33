using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Hosting.Startup;

/// <summary>
/// What a step of the start finds out for all that is made after it: whoever takes a <typeparamref name="T"/> in his constructor gets it.
/// To be made before that step is a fault of the program, and says so.
/// </summary>
internal sealed class StartValue<T> where T : class
{
    private T? _value;

    public T Value => _value ?? throw new InvalidOperationException($"{typeof(T).Name} was asked for before the step of the start that finds it.");

    public bool IsFound => _value is not null;

    public void Found(T value) => _value = value;
}

internal static class StartValues
{
    public static IServiceCollection AddStartValue<T>(this IServiceCollection services) where T : class
    {
        services.TryAddSingleton<StartValue<T>>();
        services.TryAddSingleton(provider => provider.GetRequiredService<StartValue<T>>().Value);
        return services;
    }
}
