package dev.mekiki.reliability.cluster;

/// What a process of the cluster is for.
public enum Role {
  BROKER,
  ENCODER,
  INDEX,
  QUERY
}
