using System.Text.Json;
using Nosana.LocalNet.Runtime;

namespace Nosana.LocalNet.Rpc;

/// <summary>Transaction errors as JSON, and in words.</summary>
internal static class ErrorJson
{
    /// <summary>Writes the error as a value; null for none.</summary>
    public static void Write(Utf8JsonWriter writer, TransactionError? error)
    {
        switch (error)
        {
            case null:
                writer.WriteNullValue();
                break;
            case { Instruction: { } instruction }:
                writer.WriteStartObject();
                writer.WriteStartArray("InstructionError");
                writer.WriteNumberValue(error.InstructionIndex!.Value);
                if (instruction.Code is { } code)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("Custom", code);
                    writer.WriteEndObject();
                }
                else
                {
                    writer.WriteStringValue(instruction.Name);
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            case { AccountIndex: { } account }:
                writer.WriteStartObject();
                writer.WriteStartObject(error.Name);
                writer.WriteNumber("account_index", account);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case { InstructionIndex: { } index }:
                writer.WriteStartObject();
                writer.WriteNumber(error.Name, index);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(error.Name);
                break;
        }
    }

    /// <summary>Writes <c>{"Ok":null}</c> or <c>{"Err":...}</c>.</summary>
    public static void WriteStatus(Utf8JsonWriter writer, TransactionError? error)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(error is null ? "Ok" : "Err");
        Write(writer, error);
        writer.WriteEndObject();
    }

    public static string Describe(TransactionError error) => error.Name switch
    {
        "InstructionError" => $"Error processing Instruction {error.InstructionIndex}: {InstructionErrorText.Describe(error.Instruction!)}",
        "AccountNotFound" => "Attempt to debit an account but found no record of a prior credit.",
        "ProgramAccountNotFound" => "Attempt to load a program that does not exist",
        "InvalidProgramForExecution" => "This program may not be used for executing instructions",
        "InsufficientFundsForFee" => "Insufficient funds for fee",
        "InvalidAccountForFee" => "This account may not be used to pay transaction fees",
        "AlreadyProcessed" => "This transaction has already been processed",
        "BlockhashNotFound" => "Blockhash not found",
        "SignatureFailure" => "Transaction did not pass signature verification",
        "SanitizeFailure" => "Transaction failed to sanitize accounts offsets correctly",
        "AddressLookupTableNotFound" => "Transaction loads an address table account that doesn't exist",
        "InsufficientFundsForRent" => $"Transaction results in an account ({error.AccountIndex}) with insufficient funds for rent",
        "DuplicateInstruction" => $"Transaction contains a duplicate instruction ({error.InstructionIndex}) that is not allowed",
        _ => error.Name,
    };
}
