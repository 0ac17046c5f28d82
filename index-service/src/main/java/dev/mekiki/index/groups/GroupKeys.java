package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Age;
import dev.mekiki.hashing.group.AgedContent;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.ReportedPair.Side;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Makes keys of the store of groups, byte by byte, so that what is read together lies together in
/// the right order. A key begins with its kind, and mostly with a content then.
final class GroupKeys {
  /// What an entry is. Names are kept, numbers too: they are on disk and on the changelog.
  enum Kind {
    /// Of a content: what is known of it.
    CONTENT(1),
    /// Of a content and an id: its image.
    MEMBER(2),
    /// Of a content and the age of an image.
    AGE(3),
    /// Of a content and another one: that they match.
    NEIGHBOUR(4),
    /// Of a content, the age of one that matches it and represents a group, and that one.
    REPRESENTATIVE(5),
    /// Of a content and one that has joined it.
    JOINER(6),
    /// Of a content, the age of one that has joined it, and that one.
    JOINER_AGE(7),
    /// Of a content: that its group may have changed.
    CHANGED(8),
    /// Of a content: that there is a record of its group.
    PUBLISHED(9),
    /// Of a revision and an event: that the event reports it.
    PAIR(10),
    /// Of a revision: that it is gone.
    GONE(11),
    /// Of a content and an event: that the pair has ended.
    ENDING(12),
    /// What is to be done at once.
    WORK(13),
    /// What is to be done later, by time.
    REMINDER(14),
    /// Of a content and one that matches it: that the pair is dismissed.
    DISMISSED(15);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private static final int SHA256_BYTES = 32;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);

  private GroupKeys(Kind kind) {
    bytes.write(kind.number);
  }

  static GroupKeys of(Kind kind) {
    return new GroupKeys(kind);
  }

  static GroupKeys of(Kind kind, Content content) {
    return of(kind).content(content);
  }

  GroupKeys content(Content content) {
    byte[] tenant = content.tenant().getBytes(StandardCharsets.UTF_8);
    bytes.write(tenant.length);
    bytes.writeBytes(tenant);
    bytes.writeBytes(GroupProtos.bytes(content.sha256()));
    return this;
  }

  /// The beginning that the keys of all contents of a tenant share.
  GroupKeys tenant(String name) {
    byte[] tenant = name.getBytes(StandardCharsets.UTF_8);
    bytes.write(tenant.length);
    bytes.writeBytes(tenant);
    return this;
  }

  /// Text at the end of a key.
  GroupKeys last(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// Text with more behind it: a zero byte ends it, and is followed by 1 where it is part of the
  /// text, by 0 where it is the end. So keys are in the order of texts.
  GroupKeys text(String text) {
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.write(one);
      if (one == 0) {
        bytes.write(1);
      }
    }
    bytes.write(0);
    bytes.write(0);
    return this;
  }

  /// A number, negative ones before others.
  GroupKeys number(long number) {
    bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number ^ Long.MIN_VALUE).array());
    return this;
  }

  GroupKeys small(int number) {
    bytes.write(number);
    return this;
  }

  GroupKeys raw(byte[] end) {
    bytes.writeBytes(end);
    return this;
  }

  /// An age with more behind it.
  GroupKeys age(Age age) {
    return number(age.timeMillis()).text(age.id());
  }

  GroupKeys aged(AgedContent aged) {
    return age(aged.age()).content(aged.content());
  }

  GroupKeys side(Side side) {
    Revision revision = side.revision();
    return content(side.content())
        .text(side.id())
        .text(revision.topic())
        .number(revision.partition())
        .number(revision.offset());
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /// Reads what is behind the beginning of a key.
  static Reader after(byte[] beginning, byte[] key) {
    return new Reader(ByteBuffer.wrap(key, beginning.length, key.length - beginning.length));
  }

  /// Reads a key from its beginning to its end.
  ///
  /// @param bytes from where it is read on
  record Reader(ByteBuffer bytes) {
    Content content() {
      byte[] tenant = new byte[bytes.get() & 0xff];
      bytes.get(tenant);
      byte[] hash = new byte[SHA256_BYTES];
      bytes.get(hash);
      return new Content(new String(tenant, StandardCharsets.UTF_8), Sha256.of(hash));
    }

    long number() {
      return bytes.getLong() ^ Long.MIN_VALUE;
    }

    String text() {
      ByteArrayOutputStream text = new ByteArrayOutputStream(32);
      while (true) {
        byte one = bytes.get();
        if (one == 0 && bytes.get() == 0) {
          return text.toString(StandardCharsets.UTF_8);
        }
        text.write(one);
      }
    }

    String last() {
      return new String(rest(), StandardCharsets.UTF_8);
    }

    byte[] rest() {
      byte[] rest = new byte[bytes.remaining()];
      bytes.get(rest);
      return rest;
    }

    /// An age with more behind it.
    Age age() {
      long time = number();
      return new Age(time, text());
    }

    AgedContent aged() {
      Age age = age();
      return new AgedContent(age, content());
    }
  }
}
