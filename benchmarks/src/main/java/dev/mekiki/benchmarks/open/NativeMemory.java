package dev.mekiki.benchmarks.open;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Bytes allocated from the C library and not freed: RocksDB's, and the JVM's own.
///
/// The resident set of the process would also count freed memory that the library keeps, and pages
/// of the heap.
final class NativeMemory {
  /// The struct that glibc's `mallinfo2` returns: ten words.
  private static final MemoryLayout INFO = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);

  private static final int MAPPED_BYTES = 4;
  private static final int USED_BYTES = 7;

  private NativeMemory() {}

  /// Null if the library has no such function: it is glibc's, 2.33 and later.
  @SuppressWarnings("restricted") // The script allows native access.
  static @Nullable Long bytes() {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().find("mallinfo2").orElse(null);
    if (function == null) {
      return null;
    }
    MethodHandle mallinfo =
        linker.downcallHandle(
            function, FunctionDescriptor.of(MemoryLayout.structLayout(INFO.withName("words"))));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES)
          + info.getAtIndex(ValueLayout.JAVA_LONG, USED_BYTES);
    } catch (Throwable e) {
      throw new IllegalStateException("mallinfo2", e);
    }
  }
}
