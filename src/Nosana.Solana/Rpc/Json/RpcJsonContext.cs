using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;

namespace Nosana.Solana.Rpc.Json;

/// <summary>Generated readers of every answer. What a record's constructor asks for must be present, so that nonsense is seen here and not later.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<AccountInfo>>), TypeInfoPropertyName = "AccountInfoResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<IReadOnlyList<AccountInfo>>>), TypeInfoPropertyName = "AccountInfosResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<IReadOnlyList<AccountKeyPair>>>), TypeInfoPropertyName = "KeyedAccountsResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<ulong>>), TypeInfoPropertyName = "UlongValueResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<ulong?>>), TypeInfoPropertyName = "OptionalUlongValueResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<bool>>), TypeInfoPropertyName = "BoolValueResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<TokenBalance>>), TypeInfoPropertyName = "TokenBalanceResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<LatestBlockHash>>), TypeInfoPropertyName = "LatestBlockHashResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<SimulationLogs>>), TypeInfoPropertyName = "SimulationResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ResponseValue<IReadOnlyList<SignatureStatusInfo>>>), TypeInfoPropertyName = "SignatureStatusesResponse")]
[JsonSerializable(typeof(JsonRpcResponse<IReadOnlyList<SignatureInfo>>), TypeInfoPropertyName = "SignatureInfosResponse")]
[JsonSerializable(typeof(JsonRpcResponse<IReadOnlyList<PrioritizationFeeItem>>), TypeInfoPropertyName = "PrioritizationFeesResponse")]
[JsonSerializable(typeof(JsonRpcResponse<TransactionInfo>), TypeInfoPropertyName = "TransactionInfoResponse")]
[JsonSerializable(typeof(JsonRpcResponse<EpochInfo>), TypeInfoPropertyName = "EpochInfoResponse")]
[JsonSerializable(typeof(JsonRpcResponse<NodeVersion>), TypeInfoPropertyName = "NodeVersionResponse")]
[JsonSerializable(typeof(JsonRpcResponse<string>), TypeInfoPropertyName = "StringResponse")]
[JsonSerializable(typeof(JsonRpcResponse<ulong>), TypeInfoPropertyName = "UlongResponse")]
[JsonSerializable(typeof(JsonRpcResponse<long?>), TypeInfoPropertyName = "OptionalLongResponse")]
[JsonSerializable(typeof(RpcErrorData))]
[JsonSerializable(typeof(ResponseValue<AccountInfo>), TypeInfoPropertyName = "AccountInfoValue")]
[JsonSerializable(typeof(ResponseValue<AccountKeyPair>), TypeInfoPropertyName = "KeyedAccountValue")]
[JsonSerializable(typeof(ResponseValue<SignatureNotification>), TypeInfoPropertyName = "SignatureNotificationValue")]
[JsonSerializable(typeof(JsonRpcError))]
[JsonSerializable(typeof(SlotInfo))]
internal sealed partial class RpcJsonContext : JsonSerializerContext;
