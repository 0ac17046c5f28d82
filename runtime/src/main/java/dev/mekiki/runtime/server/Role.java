package dev.mekiki.runtime.server;

import java.util.Locale;

/// What a caller may do. None includes another: who may do several things has several roles.
public enum Role {
  /// Search, look at images, groups, matches, decisions and the status.
  READ,

  /// Send and delete images.
  WRITE,

  /// Mute pictures, confirm and dismiss pairs.
  REVIEW,

  /// Set what holds for a whole tenant, begin and cancel jobs, read metrics.
  OPERATE,

  /// What one service asks of another: it is not kept to a tenant.
  SERVICE;

  /// As files and messages name it, in lower case.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
