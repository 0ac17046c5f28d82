package dev.mekiki.reliability.oracle;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.reliability.decision.Decision;
import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.load.Load;
import dev.mekiki.reliability.topics.GroupLog;
import dev.mekiki.reliability.topics.History;
import dev.mekiki.reliability.topics.Homes;
import dev.mekiki.reliability.topics.MatchLog;
import dev.mekiki.reliability.topics.TopicNames;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.schemas.topic.Topics;
import java.util.List;

/// Judges a run when everything is at rest.
public final class Oracle {
  private final String bootstrapServers;
  private final TopicNames names;
  private final History history;
  private final Findings findings = new Findings();

  /// Reads what is on the topics now.
  public Oracle(String bootstrapServers, TopicNames names) {
    this.bootstrapServers = bootstrapServers;
    this.names = names;
    this.history = History.read(bootstrapServers, names, Load.NUMBER);
  }

  /// Compares journal, topics and answers.
  ///
  /// @param watermarks in the order of time
  /// @param decisions those on each pair in the order in which they were sent
  public void judge(List<Entry> journal, List<Watermark> watermarks, List<Decision> decisions) {
    new WriteCheck(history).check(journal, findings);
    MatchLog log = MatchLog.read(bootstrapServers);
    new MatchCheck(history, watermarks, new Verdicts(decisions, watermarks))
        .check(log.events(), findings);
    new GroupCheck(history).check(log, GroupLog.read(bootstrapServers), findings);
    findings.count("decisions", decisions.size());
    findings.count(
        "decisions known to be in force",
        decisions.stream().filter(decision -> decision.inForce() != null).count());
    new SearchCheck(history, watermarks, Homes.read(bootstrapServers, names), findings)
        .check(journal);
    findings.count(
        "records of aborted transactions",
        MatchLog.aborted(
            bootstrapServers,
            List.of(
                names.imageCodes(),
                names.codePlacements(),
                names.probes(),
                Topics.withDefaultPrefix().matches())));
  }

  /// Compares everything that searches find with the images that must be there.
  ///
  /// @param when what was done before, for the findings
  public void judgeIndex(MekikiClient client, String when) {
    new IndexCheck(history).check(client, when, findings);
  }

  /// Whether searches find the images that must be there and no other ones.
  public boolean findsAll(MekikiClient client) {
    return new IndexCheck(history).findsAll(client);
  }

  public Findings findings() {
    return findings;
  }
}
