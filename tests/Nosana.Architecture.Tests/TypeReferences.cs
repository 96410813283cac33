using System.Reflection;

namespace Nosana.Architecture.Tests;

/// <summary>Every type that a compiled type names: in its declaration, in its members' signatures and inside its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<Type> Of(Type type) => Named(type).SelectMany(Parts).Where(part => part != type).Distinct();

    private static IEnumerable<Type> Named(Type type)
    {
        if (type.BaseType is { } parent)
            yield return parent;
        foreach (Type named in type.GetInterfaces().Concat(Constraints(type.GetGenericArguments())).Concat(Attributes(type)))
            yield return named;
        foreach (FieldInfo field in type.GetFields(Declared))
            foreach (Type named in Attributes(field).Append(field.FieldType))
                yield return named;
        foreach (PropertyInfo property in type.GetProperties(Declared))
            foreach (Type named in Attributes(property))
                yield return named;
        foreach (MethodBase method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            foreach (Type named in Signature(method).Concat(Body(method)))
                yield return named;
    }

    private static IEnumerable<Type> Signature(MethodBase method)
    {
        foreach (Type named in Attributes(method))
            yield return named;
        foreach (ParameterInfo parameter in method.GetParameters())
            yield return parameter.ParameterType;
        if (method is not MethodInfo function)
            yield break;
        yield return function.ReturnType;
        foreach (Type named in Constraints(function.GetGenericArguments()))
            yield return named;
    }

    private static IEnumerable<Type> Body(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (LocalVariableInfo local in body.LocalVariables)
            yield return local.LocalType;
        foreach (ExceptionHandlingClause clause in body.ExceptionHandlingClauses)
            if (clause is { Flags: ExceptionHandlingClauseOptions.Clause, CatchType: { } caught })
                yield return caught;
        foreach (MemberInfo member in IntermediateLanguage.Members(method, body))
        {
            if (member is Type type)
                yield return type;
            if (member.DeclaringType is { } owner)
                yield return owner;
            if (member is MethodInfo { IsGenericMethod: true } generic)
                foreach (Type argument in generic.GetGenericArguments())
                    yield return argument;
        }
    }

    private static IEnumerable<Type> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().SelectMany(attribute => attribute.ConstructorArguments
            .Concat(attribute.NamedArguments.Select(argument => argument.TypedValue))
            .Select(argument => argument.Value)
            .OfType<Type>()
            .Append(attribute.AttributeType));

    private static IEnumerable<Type> Constraints(Type[] arguments) =>
        arguments.Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints());

    /// <summary>The definitions that a constructed type is made of: <c>List&lt;Foo[]&gt;</c> is List and Foo.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.IsGenericParameter)
            return [];
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        return type.IsConstructedGenericType
            ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
            : [type];
    }
}
