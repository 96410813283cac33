using Nosana.Programs.Accounts;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>
/// Builds the jobs program's calls for one network. Where an account is optional, leaving it out means what the official clients pass:
/// the payer is the authority, token accounts are associated ones, the vault is derived from the market.
/// </summary>
public sealed class JobsInstructions
{
    private readonly ProgramAddresses _addresses;
    private readonly PublicKey _reflection, _rewardsVault;

    public JobsInstructions(ProgramAddresses addresses)
    {
        _addresses = addresses;
        _reflection = addresses.Reflection().Address;
        _rewardsVault = addresses.RewardsVault().Address;
    }

    /// <param name="market">Address of a fresh key, which signs.</param>
    /// <param name="authority">Pays for the accounts and becomes the market's authority.</param>
    /// <param name="terms">Expiration, price, timeout, type, access key and xNOS minimum are taken; the other fields are the program's.</param>
    public TransactionInstruction Open(PublicKey market, PublicKey authority, MarketAccount terms) => JobsLayout.Open.Build(
        _addresses.Jobs,
        [_addresses.NosMint, market, Vault(market, null), authority, terms.NodeAccessKey, WellKnownAddresses.RentSysvar, WellKnownAddresses.SystemProgram,
            WellKnownAddresses.TokenProgram],
        terms.JobExpiration, terms.JobPrice, terms.JobTimeout, (byte)terms.JobType, terms.NodeXnosMinimum);

    /// <summary>Replaces the terms of a market; its queue and its jobs stay as they are.</summary>
    public TransactionInstruction Update(PublicKey market, PublicKey authority, MarketAccount terms) => JobsLayout.Update.Build(
        _addresses.Jobs,
        [market, terms.NodeAccessKey, authority],
        terms.JobExpiration, terms.JobPrice, (byte)terms.JobType, terms.NodeXnosMinimum, terms.JobTimeout);

    /// <param name="user">NOS token account that receives the whole vault.</param>
    /// <param name="authority">Gets the rents; the program declares it read-only, so it must be the fee payer as well.</param>
    public TransactionInstruction Close(PublicKey market, PublicKey user, PublicKey authority, PublicKey? vault = null) =>
        JobsLayout.Close.Build(_addresses.Jobs, [market, Vault(market, vault), user, authority, WellKnownAddresses.TokenProgram]);

    /// <summary><see cref="Close"/> by the programs' market administrator.</summary>
    public TransactionInstruction CloseAdmin(PublicKey market, PublicKey user, PublicKey administrator, PublicKey? vault = null) =>
        JobsLayout.CloseAdmin.Build(_addresses.Jobs, [market, Vault(market, vault), user, administrator, WellKnownAddresses.TokenProgram]);

    /// <param name="job">Address of a fresh key, which signs.</param>
    /// <param name="run">Address of a fresh key, which signs, used only when a node is waiting.</param>
    /// <param name="authority">Becomes the job's project.</param>
    /// <param name="ipfsJob">32-byte digest of the definition.</param>
    /// <param name="timeout">Seconds.</param>
    public TransactionInstruction List(PublicKey job, PublicKey market, PublicKey run, PublicKey authority, byte[] ipfsJob, long timeout,
        PublicKey? payer = null, PublicKey? user = null, PublicKey? vault = null) => JobsLayout.List.Build(
        _addresses.Jobs,
        [
            job, market, run, user ?? TokenAccount(payer ?? authority), Vault(market, vault), payer ?? authority, _reflection, _rewardsVault, authority,
            _addresses.Rewards, WellKnownAddresses.TokenProgram, WellKnownAddresses.SystemProgram,
        ],
        ipfsJob, timeout);

    /// <summary>Lists a job and gives it to one node that waits in the market's queue.</summary>
    public TransactionInstruction Assign(PublicKey job, PublicKey market, PublicKey run, PublicKey node, PublicKey authority, byte[] ipfsJob, long timeout,
        PublicKey? payer = null, PublicKey? user = null, PublicKey? vault = null) => JobsLayout.Assign.Build(
        _addresses.Jobs,
        [
            job, market, run, node, user ?? TokenAccount(payer ?? authority), Vault(market, vault), payer ?? authority, _reflection, _rewardsVault, authority,
            _addresses.Rewards, WellKnownAddresses.TokenProgram, WellKnownAddresses.SystemProgram,
        ],
        ipfsJob, timeout);

    /// <summary>Takes a queued job back. For a free job, pass a <paramref name="deposit"/> that exists and is not the vault.</summary>
    /// <param name="payer">The job's payer, who gets rent and deposit.</param>
    public TransactionInstruction Delist(
        PublicKey job, PublicKey market, PublicKey authority, PublicKey payer, PublicKey? deposit = null, PublicKey? vault = null) =>
        JobsLayout.Delist.Build(
            _addresses.Jobs, [job, market, deposit ?? TokenAccount(payer), payer, Vault(market, vault), WellKnownAddresses.TokenProgram, authority]);

    /// <summary>Takes back a stopped job's deposit.</summary>
    /// <param name="payer">The job's payer, who gets the rent.</param>
    /// <param name="user">Any NOS token account, which gets the deposit; the authority's own by default.</param>
    public TransactionInstruction Recover(
        PublicKey job, PublicKey market, PublicKey authority, PublicKey payer, PublicKey? user = null, PublicKey? vault = null) =>
        JobsLayout.Recover.Build(
            _addresses.Jobs, [job, market, Vault(market, vault), user ?? TokenAccount(authority), payer, authority, WellKnownAddresses.TokenProgram]);

    /// <param name="timeout">The new timeout in seconds, not the difference.</param>
    /// <param name="payer">The job's payer, who signs too.</param>
    public TransactionInstruction Extend(
        PublicKey job, PublicKey market, PublicKey authority, PublicKey payer, long timeout, PublicKey? user = null, PublicKey? vault = null) =>
        JobsLayout.Extend.Build(
            _addresses.Jobs,
            [job, market, user ?? TokenAccount(payer), Vault(market, vault), _reflection, _rewardsVault, authority, payer, _addresses.Rewards,
                WellKnownAddresses.TokenProgram],
            timeout);

    /// <summary>Ends a running job: the node is paid for the time so far, the rest goes back.</summary>
    public TransactionInstruction End(
        PublicKey job, JobAccount jobAccount, PublicKey run, RunAccount runAccount, PublicKey authority, PublicKey? vault = null) =>
        End(
            job,
            jobAccount.Market,
            run,
            authority,
            deposit: TokenAccount(jobAccount.Payer),
            user: TokenAccount(runAccount.Node),
            payer: runAccount.Payer,
            vault);

    /// <param name="deposit">Associated NOS account of the job's payer.</param>
    /// <param name="user">Associated NOS account of the run's node.</param>
    /// <param name="payer">The run's payer, not the job's.</param>
    public TransactionInstruction End(
        PublicKey job, PublicKey market, PublicKey run, PublicKey authority, PublicKey deposit, PublicKey user, PublicKey payer, PublicKey? vault = null) =>
        JobsLayout.End.Build(_addresses.Jobs, [job, market, run, deposit, user, Vault(market, vault), payer, authority, WellKnownAddresses.TokenProgram]);

    /// <summary>Takes the oldest job of a market, or a place in its queue when there is none.</summary>
    /// <param name="run">Address of a fresh key, which signs even when only queueing.</param>
    /// <param name="authority">The node's wallet.</param>
    /// <param name="stake">The node's stake account; derived by default.</param>
    /// <param name="nft">Token account of the access key; the node's NOS account in an open market.</param>
    /// <param name="metadata">Metadata of the access key; the system program in an open market.</param>
    public TransactionInstruction Work(
        PublicKey run,
        PublicKey market,
        PublicKey authority,
        PublicKey? payer = null,
        PublicKey? stake = null,
        PublicKey? nft = null,
        PublicKey? metadata = null) =>
        JobsLayout.Work.Build(
            _addresses.Jobs,
            [run, market, payer ?? authority, stake ?? Stake(authority), nft ?? TokenAccount(authority), metadata ?? WellKnownAddresses.SystemProgram,
                authority, WellKnownAddresses.SystemProgram]);

    /// <summary>Takes a node out of the queue: itself, or by the market's authority.</summary>
    public TransactionInstruction Stop(PublicKey market, PublicKey node, PublicKey? authority = null) =>
        JobsLayout.Stop.Build(_addresses.Jobs, [market, node, authority ?? node]);

    /// <summary>Takes a stopped job. Parameters as <see cref="Work"/>.</summary>
    public TransactionInstruction Claim(
        PublicKey job,
        PublicKey run,
        PublicKey market,
        PublicKey authority,
        PublicKey? payer = null,
        PublicKey? stake = null,
        PublicKey? nft = null,
        PublicKey? metadata = null) =>
        JobsLayout.Claim.Build(
            _addresses.Jobs,
            [job, run, market, stake ?? Stake(authority), nft ?? TokenAccount(authority), metadata ?? WellKnownAddresses.SystemProgram, payer ?? authority,
                authority, WellKnownAddresses.SystemProgram]);

    /// <summary>Writes the result of a job that its project ended.</summary>
    public TransactionInstruction Complete(PublicKey job, PublicKey authority, byte[] ipfsResult) =>
        JobsLayout.Complete.Build(_addresses.Jobs, [job, authority], ipfsResult);

    /// <summary>Posts the result and is paid. For free jobs the deposit account is the vault, as the official clients have it.</summary>
    public TransactionInstruction Finish(PublicKey job, JobAccount jobAccount, PublicKey run, RunAccount runAccount, byte[] ipfsResult, PublicKey? vault = null)
    {
        PublicKey marketVault = Vault(jobAccount.Market, vault);
        return Finish(job, jobAccount.Market, run, runAccount.Node, ipfsResult,
            deposit: jobAccount.Price == 0 ? marketVault : TokenAccount(jobAccount.Payer), user: TokenAccount(runAccount.Node), payerRun: runAccount.Payer,
            payerJob: jobAccount.Payer, marketVault);
    }

    /// <param name="deposit">Associated NOS account of the job's payer; must exist even for a free job.</param>
    /// <param name="user">NOS account that is paid.</param>
    /// <param name="payerRun">Who paid the run's rent.</param>
    /// <param name="payerJob">Who paid the job.</param>
    public TransactionInstruction Finish(PublicKey job, PublicKey market, PublicKey run, PublicKey authority, byte[] ipfsResult,
        PublicKey deposit, PublicKey user, PublicKey payerRun, PublicKey payerJob, PublicKey? vault = null) => JobsLayout.Finish.Build(
        _addresses.Jobs,
        [job, run, market, Vault(market, vault), deposit, user, payerRun, payerJob, authority, WellKnownAddresses.TokenProgram],
        ipfsResult);

    /// <summary>Gives a running job up: nobody is paid, the job is stopped.</summary>
    /// <param name="payer">The run's payer.</param>
    public TransactionInstruction Quit(PublicKey job, PublicKey run, PublicKey authority, PublicKey? payer = null) =>
        JobsLayout.Quit.Build(_addresses.Jobs, [job, run, payer ?? authority, authority]);

    public TransactionInstruction QuitAdmin(PublicKey run, PublicKey payer, PublicKey administrator) =>
        JobsLayout.QuitAdmin.Build(_addresses.Jobs, [run, payer, administrator]);

    /// <summary>Removes a done job after the market's expiration; anyone may.</summary>
    /// <param name="payer">The job's payer, who gets the rent.</param>
    public TransactionInstruction Clean(PublicKey job, PublicKey market, PublicKey payer) => JobsLayout.Clean.Build(_addresses.Jobs, [job, market, payer]);

    public TransactionInstruction CleanAdmin(PublicKey job, PublicKey payer, PublicKey administrator) =>
        JobsLayout.CleanAdmin.Build(_addresses.Jobs, [job, payer, administrator]);

    private PublicKey TokenAccount(PublicKey owner) => _addresses.NosTokenAccount(owner);

    private PublicKey Stake(PublicKey wallet) => _addresses.Stake(wallet).Address;

    private PublicKey Vault(PublicKey market, PublicKey? vault) => vault ?? _addresses.MarketVault(market).Address;
}
