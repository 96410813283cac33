using System.Text;

namespace Nosana.Architecture.Tests;

/// <summary>Each way to name a type is seen, else a wrong reference could hide in it.</summary>
public sealed class TypeReferencesTests
{
    [Theory]
    [InlineData(typeof(InField))]
    [InlineData(typeof(InParameter))]
    [InlineData(typeof(InGenericArgument))]
    [InlineData(typeof(InConstraint))]
    [InlineData(typeof(InAttribute))]
    [InlineData(typeof(InStaticCall))]
    [InlineData(typeof(InTypeOf))]
    [InlineData(typeof(InGenericCall))]
    [InlineData(typeof(InCatch))]
    [InlineData(typeof(InBase))]
    public void Of_TypeThatNamesTarget_HasIt(Type type) => Assert.Contains(typeof(Target), TypeReferences.Of(type));

    [Theory]
    [InlineData(typeof(InLambda))]
    [InlineData(typeof(InAsync))]
    public void Of_TypeWhoseCompiledPartsNameTarget_HasIt(Type type) =>
        Assert.Contains(typeof(Target), type.GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Append(type).SelectMany(TypeReferences.Of));

    [Fact]
    public void Of_TypeWithoutTarget_HasItNot() => Assert.DoesNotContain(typeof(Target), TypeReferences.Of(typeof(Innocent)));

#pragma warning disable CA1823, CS0169, CA1852, IDE0051, IDE0052 // Never run: only their compiled form is read.
    private class Target : Exception
    {
        public static int Count() => 1;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class NamesAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }

    private sealed class InBase : Target;

    private sealed class InField
    {
        private readonly Target[]? _field;
    }

    private sealed class InParameter
    {
        public static void Method(ref Target? target) => target = null;
    }

    private sealed class InGenericArgument
    {
        public static Dictionary<string, List<Target>>? Method() => null;
    }

    private sealed class InConstraint
    {
        public static int Method<T>(T value) where T : Target => value.HResult;
    }

    private sealed class InAttribute
    {
        [Names(typeof(Target))]
        public static int Method() => 0;
    }

    private sealed class InStaticCall
    {
        public static int Method(int n) => n switch { 0 => Target.Count(), 1 => 5, 2 => 7, 3 => 9, 4 => 11, _ => (int)3.5 };
    }

    private sealed class InTypeOf
    {
        public static string Method() => typeof(Target).Name;
    }

    private sealed class InGenericCall
    {
        public static int Method() => Array.Empty<Target>().Length;
    }

    private sealed class InCatch
    {
        public static int Method(string text)
        {
            try
            {
                return int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (Target)
            {
                return 0;
            }
        }
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
        public static string Method(int n) => new StringBuilder().Append(n).Append(0x1122334455667788).ToString();
    }
#pragma warning restore CA1823, CS0169, CA1852, IDE0051, IDE0052
}
