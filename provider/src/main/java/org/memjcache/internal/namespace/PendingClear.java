// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.RoundsThread;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Why a level is to be cleared, and how it went so far. Thread-safe.
 *
 * <p>One thread clears at a time, and has it locked meanwhile: a second clear would take what was
 * stored after the first. A thread that had to wait for another one that failed fails at once, so
 * that threads which want a level don't wait for its server one after the other.
 */
final class PendingClear {

  /** For how long others fail after a server did. */
  private static final long RETRY_NANOS = RoundsThread.REST_NANOS;

  /**
   * How the server failed when it was last asked. No exception: its stack trace would keep the
   * classes of an application that was undeployed.
   */
  private record Failure(
      SharedCluster.Reference cluster,
      RequestFailedException.Kind kind,
      @Nullable String message,
      long at) {}

  /**
   * What a clear has done that could not clear the level, nor perhaps others.
   *
   * @param asked the servers that it went to
   * @param reached the identities of those that it has cleared, or that have been cleared since
   */
  record Missed(Set<ServerAddress> asked, Set<String> reached) {}

  final Level level;

  /** The path of the level. */
  final PathKey path;

  /** Of the last clear that missed the level; null if only changes of entries were lost. */
  volatile @Nullable Missed missed;

  /** How many changes were lost. */
  final AtomicInteger changes = new AtomicInteger();

  /**
   * Through which the level is to be cleared. If one of them is closed, another one of these
   * servers does it in its place; while these aren't known, any one of the same name, as the
   * resolver of the next one is seldom equal.
   */
  private final Set<SharedCluster.Reference> clusters = ConcurrentHashMap.newKeySet();

  private final ReentrantLock clearing = new ReentrantLock();

  /** Guarded by {@link #clearing}. */
  private @Nullable Failure lastFailure;

  PendingClear(Level level, PathKey path) {
    this.level = level;
    this.path = path;
  }

  /**
   * Waits for a thread that is clearing the level, as long as the operation may.
   *
   * @param timeoutNanos how long the operation may wait in all
   * @throws RequestFailedException if that time is over, or the calling thread is interrupted
   */
  void lock(Operation operation, long timeoutNanos) {
    long start = System.nanoTime();
    boolean isLocked;
    try {
      isLocked = clearing.tryLock(timeoutNanos - operation.waitedNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestFailedException(
          RequestFailedException.Kind.INTERRUPTED,
          Duration.ZERO,
          "the calling thread was interrupted while another one cleared the level",
          null);
    }
    operation.addWait(System.nanoTime() - start);
    if (!isLocked) {
      throw new RequestFailedException(
          RequestFailedException.Kind.TIMEOUT,
          Duration.ofNanos(operation.waitedNanos()),
          "Another thread still waits for memcached "
              + level.server()
              + ", which is to clear '"
              + level.name()
              + "'; the request was not sent",
          null,
          /* unsent= */ true);
    }
  }

  /** Has the level cleared through a cluster; returns whether that is the first one. */
  boolean add(SharedCluster cluster) {
    boolean isFirst = clusters.isEmpty();
    SharedCluster.Reference own = cluster.reference(); // which may be closed, too
    clusters.add(own);
    clusters.removeIf(each -> !each.equals(own) && each.isClosed() && each.isTo(cluster));
    return isFirst;
  }

  /** Needs it no more through a cluster; returns whether no other one has to clear it, either. */
  boolean remove(SharedCluster cluster) {
    clusters.removeIf(each -> each.isTo(cluster));
    return clusters.isEmpty();
  }

  boolean isOf(SharedCluster cluster) {
    return clusters.stream().anyMatch(each -> each.isTo(cluster));
  }

  List<SharedCluster> openClusters() {
    return clusters.stream()
        .map(SharedCluster.Reference::current)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /** Returns false if another thread is clearing the level. */
  boolean tryLock() {
    return clearing.tryLock();
  }

  void unlock() {
    clearing.unlock();
  }

  /** Takes note that the server failed. To be called with the lock held. */
  void failed(RequestFailedException e, SharedCluster cluster) {
    // Not if the calling thread was interrupted, or had no time left to ask.
    if (e.isOfServer() && !(e.kind() == RequestFailedException.Kind.TIMEOUT && e.isUnsent())) {
      lastFailure = new Failure(cluster.reference(), e.kind(), e.getMessage(), System.nanoTime());
    }
  }

  /** Fails if the server did, for the same client. To be called with the lock held. */
  void failIfJustFailed(SharedCluster cluster) {
    Failure last = lastFailure;
    if (last != null
        && last.cluster().equals(cluster.reference())
        && System.nanoTime() - last.at() < RETRY_NANOS) {
      throw new RequestFailedException(
          last.kind(), Duration.ZERO, String.valueOf(last.message()), null);
    }
  }
}
