package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.CenterDistances;
import dev.mekiki.hashing.scan.HammingKernel;
import java.util.ArrayList;
import java.util.List;

/// QueryBatch of one version, several at once. Those that visit the same shell scan it together: a
/// chunk of it is compared with every query while it is in the cache, so that where each of them
/// must read almost everything, memory is read once. Level follows level for all of them.
///
/// An instance is used again and again, by one thread at a time.
final class QueryBatch {
  private final HammingKernel kernel;
  private final List<ShellSearch> searches = new ArrayList<>();
  private final List<Visit> visits = new ArrayList<>();

  private record Visit(Shell shell, int center, ShellSearch search) {}

  QueryBatch(HammingKernel kernel) {
    this.kernel = kernel;
  }

  List<SearchResult> run(
      Content content, CenterDistances centers, List<PartitionQuery> queries, long version) {
    while (searches.size() < queries.size()) {
      searches.add(new ShellSearch(kernel));
    }
    List<ShellSearch> running = searches.subList(0, queries.size());
    for (int i = 0; i < queries.size(); i++) {
      int[] distances = centers.of(queries.get(i).code());
      running.get(i).begin(content, queries.get(i), version, distances);
    }
    int bits = queries.getFirst().code().bits();
    for (int level = 0; level <= bits; level++) {
      if (running.size() == 1) {
        ShellSearch search = running.getFirst();
        if (!search.wants(level)) {
          break;
        }
        search.scanLevel(level);
        search.endLevel(level);
      } else if (!scanTogether(running, level)) {
        break;
      }
    }
    return running.stream().map(ShellSearch::end).toList();
  }

  /// Returns false if no search wants more.
  private boolean scanTogether(List<ShellSearch> running, int level) {
    visits.clear();
    boolean wanted = false;
    for (ShellSearch search : running) {
      if (search.wants(level)) {
        wanted = true;
        search.visit(level, (shell, center) -> visits.add(new Visit(shell, center, search)));
      }
    }
    if (!wanted) {
      return false;
    }
    visits.sort((a, b) ->
        a.center != b.center
            ? Integer.compare(a.center, b.center)
            : Integer.compare(a.shell.distance, b.shell.distance));
    for (int from = 0; from < visits.size(); ) {
      Shell shell = visits.get(from).shell;
      int to = from + 1;
      while (to < visits.size() && visits.get(to).shell == shell) {
        to++;
      }
      List<Visit> together = visits.subList(from, to);
      for (Visit visit : together) {
        visit.search.touch(shell, visit.center);
      }
      for (Shell.Chunk chunk : shell.chunks) {
        for (Visit visit : together) {
          if (visit.search.wants(level)) {
            visit.search.scan(chunk);
          }
        }
      }
      from = to;
    }
    visits.clear();
    for (ShellSearch search : running) {
      if (search.wants(level)) {
        search.endLevel(level);
      }
    }
    return true;
  }
}
