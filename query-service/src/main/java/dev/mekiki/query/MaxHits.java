package dev.mekiki.query;

import dev.mekiki.runtime.config.Converters;
import dev.mekiki.schemas.search.SearchLimits;
import org.eclipse.microprofile.config.spi.Converter;

/// A number of hits, 1 to 10,000.
public final class MaxHits implements Converter<Integer> {
  @Override
  public Integer convert(String value) {
    return Converters.inRange(value, 1, SearchLimits.MAX_HITS);
  }
}
