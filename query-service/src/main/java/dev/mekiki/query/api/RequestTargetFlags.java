package dev.mekiki.query.api;

import com.linecorp.armeria.common.FlagsProvider;

/// Armeria's settings for the whole process, found by its service loader: `..` may stand in a query
/// string. An image id may hold it, and here a query string never names a file.
public final class RequestTargetFlags implements FlagsProvider {
  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Boolean allowDoubleDotsInQueryString() {
    return true;
  }
}
