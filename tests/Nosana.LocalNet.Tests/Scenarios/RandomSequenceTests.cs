using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Thousands of calls in random order: nothing is created or lost, no job is in two places, and every vault covers its open deposits.</summary>
public sealed class RandomSequenceTests
{
    private const int Steps = 5_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Sequence_AgainstTheModel_AgreesCallByCall(int seed)
    {
        var random = new Random(seed);
        var s = new JobsScenario(openMarket: true);
        PublicKey[] wallets = [s.M, s.N1, s.N2, Rich(s), Rich(s)];
        foreach (PublicKey wallet in wallets) s.Chain.GiveNos(wallet, ulong.MaxValue / 16);
        var model = new MarketModel(s.M);
        int succeeded = 0;
        (UInt128 lamports, UInt128 nos) = s.Chain.Totals();
        for (int step = 0; step < Steps; step++)
        {
            if (random.Next(4) == 0) s.Chain.Advance(random.Next(4));
            (string what, PublicKey by, TransactionInstruction call, bool expected) = Next(s, model, wallets, random);
            TransactionResult result = s.Chain.Bank.Execute(by, call);
            Assert.True(expected == (result.Error is null), $"step {step}, {what}: expected {(expected ? "success" : "failure")}\n{string.Join('\n', result.Logs)}");
            if (expected) succeeded++;

            MarketAccount market = s.State;
            Assert.Equal(model.QueueType, market.QueueType);
            Assert.Equal(model.Queue, market.Queue);
            Assert.Equal(model.Owed, s.Chain.Tokens(s.Vault));
            // No job is in two places: twice in the queue, queued and running, or in two runs.
            PublicKey[] places = [.. market.QueueType == QueueType.Job ? market.Queue : [], .. model.Runs.Values.Select(run => run.Job)];
            Assert.Equal(places.Length, places.Distinct().Count());
            (UInt128 lamportsNow, UInt128 nosNow) = s.Chain.Totals();
            Assert.Equal(lamports, lamportsNow + result.Fee);
            Assert.Equal(nos, nosNow);
            lamports = lamportsNow;
        }
        Assert.InRange(succeeded, Steps / 4, Steps);
        foreach ((PublicKey address, ModelJob job) in model.Jobs)
        {
            JobAccount account = s.Job(address);
            Assert.Equal((job.State, job.Timeout, job.Price, job.Start, job.End), (account.State, account.Timeout, account.Price, account.TimeStart, account.TimeEnd));
        }
        Assert.Equal(model.Jobs.Keys.Order(), s.Chain.Search(JobAccount.TypeFilter).Order());
        Assert.Equal(model.Runs.Keys.Order(), s.Chain.Search(RunAccount.TypeFilter).Order());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Sequence_OfAllInstructionsAndAnyAccounts_CreatesAndLosesNothing(int seed)
    {
        var random = new Random(seed);
        var s = new JobsScenario(openMarket: true);
        PublicKey[] wallets = [s.M, s.N1, s.N2, s.U2];
        List<PublicKey> jobs = [s.List().Job], runs = [s.Work(s.N1)], markets = [s.Market, s.Open(s.Terms)];
        var succeeded = new Dictionary<string, int>();
        (UInt128 lamports, UInt128 nos) = s.Chain.Totals();
        for (int step = 0; step < Steps; step++)
        {
            if (random.Next(3) == 0) s.Chain.Advance(random.Next(5));
            // Closing is rare, or nothing would have time to happen in between.
            int limit = random.Next(20) == 0 ? 19 : 16;
            (string name, TransactionInstruction call) = Any(random.Next(limit));
            PublicKey payer = call.Keys.FirstOrDefault(meta => meta.IsSigner && wallets.Contains(meta.PublicKey)).PublicKey is { IsZero: false } signer ? signer : s.M;
            TransactionResult result = s.Chain.Bank.Execute(payer, call);
            if (result.Error is null) succeeded[name] = succeeded.GetValueOrDefault(name) + 1;
            (UInt128 lamportsNow, UInt128 nosNow) = s.Chain.Totals();
            Assert.Equal(lamports, lamportsNow + result.Fee);
            Assert.Equal(nos, nosNow);
            lamports = lamportsNow;
        }
        Assert.Equal(JobsLayout.Program.Instructions.Select(layout => layout.Name).Order(StringComparer.Ordinal), succeeded.Keys.Order(StringComparer.Ordinal));

        (string, TransactionInstruction) Any(int kind)
        {
            PublicKey wallet = Pick(wallets), other = Pick(wallets), market = Pick(markets), job = Pick(jobs), run = AliveOr(Pick(runs)), fresh = s.Chain.NewKey();
            JobAccount jobAccount = s.Chain.Find<JobAccount>(job) ?? new JobAccount();
            RunAccount runAccount = s.Chain.Find<RunAccount>(run) ?? new RunAccount();
            JobAccount runJob = s.Chain.Find<JobAccount>(runAccount.Job) ?? new JobAccount();
            JobsInstructions i = s.Chain.Jobs;
            long timeout = random.Next(-1, 20);
            switch (kind)
            {
                case 0 or 1:
                    jobs.Add(fresh);
                    runs.Add(s.Chain.NewKey());
                    return ("list", i.List(fresh, market, runs[^1], wallet, Definition, timeout, payer: other));
                case 2:
                    jobs.Add(fresh);
                    runs.Add(s.Chain.NewKey());
                    return ("assign", i.Assign(fresh, market, runs[^1], other, wallet, Definition, timeout));
                case 3 or 4:
                    runs.Add(fresh);
                    return ("work", i.Work(fresh, market, wallet));
                case 5: return ("stop", i.Stop(market, other, wallet));
                case 6: return ("delist", i.Delist(job, jobAccount.Market, jobAccount.Project, jobAccount.Payer));
                case 7: return ("extend", i.Extend(job, jobAccount.Market, jobAccount.Project, jobAccount.Payer, timeout));
                case 8: return ("end", i.End(runAccount.Job, runJob, run, runAccount, runJob.Project));
                case 9: return ("finish", i.Finish(runAccount.Job, runJob, run, runAccount, Result));
                case 10: return ("quit", i.Quit(runAccount.Job, run, runAccount.Node, runAccount.Payer));
                case 11:
                    runs.Add(fresh);
                    return ("claim", i.Claim(job, fresh, jobAccount.Market, wallet));
                case 12: return ("recover", i.Recover(job, jobAccount.Market, jobAccount.Project, jobAccount.Payer, user: s.Nos(other)));
                case 13: return ("clean", i.Clean(job, market, jobAccount.Payer));
                case 14: return ("complete", i.Complete(job, jobAccount.Node, Result));
                case 15: return ("update", i.Update(market, s.M, s.Terms with { JobPrice = (ulong)random.Next(3) * Price }));
                case 16: return random.Next(2) == 0 ? ("quit_admin", i.QuitAdmin(run, runAccount.Payer, s.M)) : ("clean_admin", i.CleanAdmin(job, jobAccount.Payer, s.M));
                case 17: return random.Next(2) == 0 ? ("close", i.Close(market, s.Nos(s.M), s.M)) : ("close_admin", i.CloseAdmin(market, s.Nos(s.M), s.M));
                default:
                    markets.Add(fresh);
                    return ("open", i.Open(fresh, s.M, s.Terms));
            }
        }

        // Most run keys are never used: a node was not waiting, or a job not there.
        PublicKey AliveOr(PublicKey otherwise)
        {
            PublicKey[] alive = [.. runs.TakeLast(30).Where(s.Chain.Exists)];
            return alive.Length > 0 && random.Next(5) > 0 ? alive[random.Next(alive.Length)] : otherwise;
        }

        // Recent ones only, or most calls would be about what is long gone.
        PublicKey Pick(IReadOnlyList<PublicKey> from) => from[^(1 + random.Next(Math.Min(from.Count, 12)))];
    }

    private static (string What, PublicKey By, TransactionInstruction Call, bool Expected) Next(JobsScenario s, MarketModel model, PublicKey[] wallets, Random random)
    {
        JobsInstructions i = s.Chain.Jobs;
        PublicKey wallet = wallets[random.Next(wallets.Length)], node = wallets[random.Next(wallets.Length)], first = s.Chain.NewKey(), second = s.Chain.NewKey();
        long now = s.Chain.Now, timeout = random.Next(1, 30);
        bool hasJob = model.Jobs.Count > 0, hasRun = model.Runs.Count > 0;
        PublicKey job = hasJob ? model.Jobs.Keys.ElementAt(random.Next(model.Jobs.Count)) : default;
        PublicKey run = hasRun ? model.Runs.Keys.ElementAt(random.Next(model.Runs.Count)) : default;
        // Mostly who may, sometimes anyone.
        PublicKey project = hasJob && random.Next(4) > 0 ? model.Jobs[job].Project : wallet;
        PublicKey runner = hasRun && random.Next(4) > 0 ? model.Runs[run].Node : wallet;
        bool claimed = hasJob && model.Runs.Values.Any(known => known.Job == job);
        switch (random.Next(14))
        {
            case 0 or 1:
                model.List(first, second, wallet, timeout, now);
                return ("list", wallet, i.List(first, s.Market, second, wallet, Definition, timeout), true);
            case 2:
                return ("assign", wallet, i.Assign(first, s.Market, second, node, wallet, Definition, timeout), model.Assign(first, second, node, wallet, timeout, now));
            case 3 or 4:
                return ("work", node, i.Work(first, s.Market, node), model.Work(node, first, now));
            case 5:
                return ("stop", wallet, i.Stop(s.Market, node, wallet), model.Stop(node, wallet));
            case 6 when hasJob:
                PublicKey delistPayer = model.Jobs[job].Project;
                return ("delist", project, i.Delist(job, s.Market, project, delistPayer), model.Delist(job, project));
            case 7 when hasJob:
                return ("extend", project, i.Extend(job, s.Market, project, model.Jobs[job].Project, timeout), model.Extend(job, project, timeout));
            case 8 when hasRun:
                return ("finish", runner, FinishOf(runner), model.Finish(run, runner, now));
            case 9 when hasRun:
                PublicKey ender = random.Next(4) > 0 ? model.Jobs[model.Runs[run].Job].Project : wallet;
                return ("end", ender, i.End(model.Runs[run].Job, s.Job(model.Runs[run].Job), run, s.Run(run), ender), model.End(run, ender, now));
            case 10 when hasRun:
                return ("quit", runner, i.Quit(model.Runs[run].Job, run, runner, model.Runs[run].Payer), model.Quit(run, runner));
            case 11 when hasJob && !claimed:
                return ("claim", node, i.Claim(job, first, s.Market, node), model.Claim(job, first, node, now));
            case 12 when hasJob && !claimed:
                return ("recover", project, i.Recover(job, s.Market, project, model.Jobs[job].Project), model.Recover(job, project));
            case 13 when hasJob:
                return ("clean", wallet, i.Clean(job, s.Market, model.Jobs[job].Project), model.Clean(job, now));
            default:
                model.Price = (ulong)random.Next(4) * Price;
                return ("update", s.M, i.Update(s.Market, s.M, s.Terms with { JobPrice = model.Price }), true);
        }

        TransactionInstruction FinishOf(PublicKey by)
        {
            ModelRun known = model.Runs[run];
            PublicKey payer = model.Jobs[known.Job].Project;
            return i.Finish(known.Job, s.Market, run, by, Result, deposit: s.Nos(payer), user: s.Nos(by), payerRun: known.Payer, payerJob: payer);
        }
    }

    private static PublicKey Rich(JobsScenario s) => s.Chain.NewWallet(nos: Balance, stake: XnosMinimum);
}
