/// Groups of images that are copies of one another, without chains, and what is known of reported
/// pairs so that one that ends is retracted. It is kept by partitions that send each other
/// messages; the rule is said at {@link dev.mekiki.hashing.group.ContentGroups}. Depends on
/// `hashing.match` and `hashing.bucket`.
///
/// Start at {@link dev.mekiki.hashing.group.ContentGroups}.
@NullMarked
package dev.mekiki.hashing.group;

import org.jspecify.annotations.NullMarked;
