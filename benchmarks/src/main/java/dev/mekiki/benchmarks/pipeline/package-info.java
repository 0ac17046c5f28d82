/// `mekiki bench pipeline`: from codes, or images, through Kafka to matches, on an embedded broker
/// in this process. Depends on `benchmarks.data`, `benchmarks.report`, `benchmarks.testbed` and the
/// encoder, index and query services.
///
/// Start at {@link dev.mekiki.benchmarks.pipeline.PipelineCommand}.
@NullMarked
package dev.mekiki.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
