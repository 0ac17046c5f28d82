package dev.mekiki.encoder.reference;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// How many references are fetched at once, and how many bytes of images are held for them: while
/// they arrive, and until they are encoded. One server has at most half of both, so that a slow one
/// leaves the other half to others. Thread-safe.
///
/// Nobody waits for memory while holding a place, and nobody who holds memory waits for more: so
/// there is always somebody who goes on.
final class Capacity {
  /// Memory is counted in units of so many bytes.
  private static final int UNIT = 1024;

  private final Limits all;
  private final Map<String, Server> servers = new HashMap<>();

  /// Places and units of memory: how many there are, and which are free. Fair: whoever has waited
  /// longest goes first.
  private record Limits(int places, int units, Semaphore freePlaces, Semaphore freeUnits) {
    Limits(int places, int units) {
      this(places, units, new Semaphore(places, true), new Semaphore(units, true));
    }

    Limits half() {
      return new Limits(Math.ceilDiv(places, 2), units / 2);
    }

    boolean tryTake(int wanted) {
      return freeUnits.tryAcquire(wanted);
    }
  }

  /// A server that references are fetched from now.
  private static final class Server {
    private final Limits limits;
    private int shares;

    Server(Limits limits) {
      this.limits = limits;
    }
  }

  /// @param atOnce most references that are fetched at once
  /// @param bytes most bytes of images, at least twice the largest
  Capacity(int atOnce, long bytes) {
    all = new Limits(atOnce, units(bytes));
  }

  private static int units(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, UNIT));
  }

  /// Bytes of memory that are taken.
  long bytesHeld() {
    return (long) UNIT * (all.units() - all.freeUnits().availablePermits());
  }

  /// What one reference to a server may take: nothing yet.
  Share join(String server) {
    synchronized (servers) {
      Server joined = servers.computeIfAbsent(server, _ -> new Server(all.half()));
      joined.shares++;
      return new Share(server, joined);
    }
  }

  private void leave(String name, Server server) {
    synchronized (servers) {
      server.shares--;
      if (server.shares == 0) {
        servers.remove(name);
      }
    }
  }

  /// What one reference takes. Memory is reserved by one thread and may be extended by another one.
  final class Share implements AutoCloseable {
    private final String name;
    private final Server server;

    // Guarded by this.
    private int taken;
    private boolean reserved;
    private boolean closed;

    private Share(String name, Server server) {
      this.name = name;
      this.server = server;
    }

    /// Waits for memory. None may be held.
    void reserve(int bytes) throws InterruptedException {
      int wanted = units(bytes);
      server.limits.freeUnits().acquire(wanted);
      try {
        all.freeUnits().acquire(wanted);
      } catch (InterruptedException e) {
        server.limits.freeUnits().release(wanted);
        throw e;
      }
      synchronized (this) {
        taken += wanted;
        reserved = true;
      }
    }

    /// Extends what is reserved, without waiting.
    ///
    /// @param bytes to be held in all
    /// @return false where there is no room now, or the reservation has ended
    synchronized boolean extend(int bytes) {
      int more = units(bytes) - taken;
      if (!reserved) {
        return false;
      }
      if (more <= 0) {
        return true;
      }
      if (!server.limits.tryTake(more)) {
        return false;
      }
      if (!all.tryTake(more)) {
        server.limits.freeUnits().release(more);
        return false;
      }
      taken += more;
      return true;
    }

    /// Gives back what an image does not need.
    ///
    /// @param bytes that it has
    synchronized void shrink(int bytes) {
      int surplus = taken - units(bytes);
      if (surplus > 0) {
        release(surplus);
      }
    }

    /// Gives back all memory.
    synchronized void free() {
      release(taken);
      reserved = false;
    }

    private void release(int units) {
      taken -= units;
      all.freeUnits().release(units);
      server.limits.freeUnits().release(units);
    }

    /// Waits for a place.
    void enter() throws InterruptedException {
      server.limits.freePlaces().acquire();
      try {
        all.freePlaces().acquire();
      } catch (InterruptedException e) {
        server.limits.freePlaces().release();
        throw e;
      }
    }

    /// Gives the place back.
    void leave() {
      all.freePlaces().release();
      server.limits.freePlaces().release();
    }

    /// Gives back all memory, and leaves the server to others.
    @Override
    public synchronized void close() {
      if (closed) {
        return;
      }
      closed = true;
      free();
      Capacity.this.leave(name, server);
    }
  }
}
