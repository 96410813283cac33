using ArchUnitNET.Domain;

namespace Nosana.Architecture.Tests;

/// <summary>The ways to use a type are seen, else a wrong reference could hide in one.</summary>
public sealed class CompiledTests
{
    private static readonly Lazy<IType[]> s_types = new(() => Compiled.TypesOf(typeof(CompiledTests).Assembly));

    [Theory]
    [InlineData(nameof(InField))]
    [InlineData(nameof(InSignature))]
    [InlineData(nameof(InConstraint))]
    [InlineData(nameof(InAttribute))]
    [InlineData(nameof(InTypeOf))]
    [InlineData(nameof(InGenericCall))]
    [InlineData(nameof(InLambda))]
    [InlineData(nameof(InAsync))]
    public void References_OfAType_HaveWhatItUses(string user) => Assert.Contains(user, Users());

    [Fact]
    public void References_OfAType_HaveNothingElse() => Assert.DoesNotContain(nameof(Innocent), Users());

    [Theory]
    [InlineData(nameof(InLambda), "in Method")]
    [InlineData(nameof(InAsync), "in Method")]
    public void Calls_OfAMethod_NameWhoMakesThem(string user, string where)
    {
        IEnumerable<Reference> calls = Compiled.Calls(s_types.Value, typeof(Target).FullName!, nameof(Target.Count));
        Assert.Contains(new Reference($"{typeof(CompiledTests).FullName}+{user}", $"{typeof(Target).FullName}.{nameof(Target.Count)}", where), calls);
    }

    [Fact]
    public void Calls_OfALibrarysMethod_AreSeen() =>
        Assert.Contains(Compiled.Calls(s_types.Value, "System.Threading.Tasks.Task", "Yield"), call => call.From.EndsWith(nameof(InAsync), StringComparison.Ordinal));

    private static IEnumerable<string> Users() => Compiled
        .References(s_types.Value, type => type.Name, type => type.Name == nameof(Target) ? type.Name : null)
        .Select(reference => reference.From);

#pragma warning disable CA1852, CS0169, IDE0051 // Never run: only their compiled form is read.
    private class Target
    {
        public static int Count() => 1;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class NamesAttribute(System.Type type) : System.Attribute
    {
        public System.Type Type { get; } = type;
    }

    private sealed class InField
    {
        private readonly Target[]? _field;
    }

    private sealed class InSignature
    {
        public static Dictionary<string, List<Target>>? Method() => null;
    }

    private sealed class InConstraint
    {
        public static string? Method<T>(T value) where T : Target => value.ToString();
    }

    private sealed class InAttribute
    {
        [Names(typeof(Target))]
        public static int Method() => 0;
    }

    private sealed class InTypeOf
    {
        public static string Method() => typeof(Target).Name;
    }

    private sealed class InGenericCall
    {
        public static int Method() => System.Array.Empty<Target>().Length;
    }

    private sealed class InLambda
    {
        public static Func<int> Method() => () => Target.Count();
    }

    private sealed class InAsync
    {
        public static async Task<int> Method()
        {
            await Task.Yield();
            return Target.Count();
        }
    }

    private sealed class Innocent
    {
        public static int Method(int n) => n + 1;
    }
#pragma warning restore CS0169, IDE0051
}
