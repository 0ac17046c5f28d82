package dev.mekiki.hashing.group;

/// Takes the groups of a partition as they change.
public interface GroupSink {
  /// A group is there, or has changed.
  ///
  /// @param representative the content that represents it
  /// @param node what is known of that
  void changed(Content representative, Node node);

  /// A group is no longer there.
  ///
  /// @param representative the content that represented it
  void dissolved(Content representative);
}
