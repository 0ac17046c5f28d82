package dev.mekiki.benchmarks.pipeline;

/// What `mekiki bench groups` prints.
///
/// @param copies of one picture that were sent
/// @param groupedSeconds from when all were indexed to when the group had all of them
/// @param pages of 100 members that were read, one after the other
/// @param pageP50Ms median time of one, by HTTP
/// @param pageMaxMs the longest
/// @param compares of indexed images, without alignments
/// @param complete every copy was listed once, and nothing else
record GroupsReport(
    int copies,
    double groupedSeconds,
    int pages,
    double pageP50Ms,
    double pageP99Ms,
    double pageMaxMs,
    CompareLatency compares,
    boolean complete) {}
