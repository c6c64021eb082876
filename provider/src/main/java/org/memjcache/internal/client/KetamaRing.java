// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Which server has a key: consistent hashing by the ketama scheme.
 *
 * <p>Each server has 160 points on a ring of 2^32, from the MD5 digests of {@code host:port-0} to
 * {@code host:port-39}, four points each. A key belongs to the server of the first point at or
 * after the first four bytes of its own digest, read as little endian. The ring is made of the
 * configured servers and never changes: a server that is down keeps its keys. Taking a server out
 * of the configuration moves its keys only.
 *
 * <p>A single server has all keys, and none has any, without a ring and without MD5, which runtimes
 * that are restricted to approved cryptography (FIPS 140) lack.
 *
 * <p>Immutable.
 */
public final class KetamaRing {

  private static final String ALGORITHM = "MD5";
  private static final int DIGESTS_PER_SERVER = 40;
  private static final int POINTS_PER_DIGEST = 4;

  /** Null if there is one server only. */
  private final @Nullable MessageDigest md5;

  /** Points in ascending order. */
  private final long[] points;

  /** The server of the point at the same index, as an index into the list of servers. */
  private final int[] owners;

  /**
   * Creates the ring; the order of the servers only decides the indices.
   *
   * @throws CacheException if there are several servers, and this Java runtime has no MD5
   */
  public KetamaRing(List<ServerAddress> servers) {
    if (servers.size() <= 1) {
      md5 = null;
      points = new long[0];
      owners = new int[0];
      return;
    }
    md5 = md5(servers);
    // Where two points meet, the name of the server decides, so that all processes agree.
    int[] byName =
        IntStream.range(0, servers.size())
            .boxed()
            .sorted(Comparator.comparing(i -> servers.get(i).toString()))
            .mapToInt(Integer::intValue)
            .toArray();
    int perServer = DIGESTS_PER_SERVER * POINTS_PER_DIGEST;
    long[] pointsAndRanks = new long[servers.size() * perServer];
    for (int rank = 0; rank < byName.length; rank++) {
      for (int i = 0; i < DIGESTS_PER_SERVER; i++) {
        ByteBuffer digest = digest(md5, servers.get(byName[rank]) + "-" + i);
        for (int j = 0; j < POINTS_PER_DIGEST; j++) {
          pointsAndRanks[rank * perServer + i * POINTS_PER_DIGEST + j] =
              Integer.toUnsignedLong(digest.getInt(4 * j)) << 31 | rank;
        }
      }
    }
    Arrays.sort(pointsAndRanks);
    points = new long[pointsAndRanks.length];
    owners = new int[pointsAndRanks.length];
    for (int i = 0; i < points.length; i++) {
      points[i] = pointsAndRanks[i] >>> 31;
      owners[i] = byName[(int) (pointsAndRanks[i] & 0x7fff_ffff)];
    }
  }

  /** Returns the server of a key as an index into the list of servers. */
  public int serverOf(String key) {
    if (md5 == null) {
      return 0;
    }
    long hash = Integer.toUnsignedLong(digest(md5, key).getInt(0));
    int low = 0;
    int high = points.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points[middle] < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return owners[low == points.length ? 0 : low];
  }

  private static ByteBuffer digest(MessageDigest md5, String text) {
    return ByteBuffer.wrap(copy(md5).digest(text.getBytes(StandardCharsets.UTF_8)))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Cheaper than looking up the provider each time, and unlike a ThreadLocal it leaves nothing. */
  private static MessageDigest copy(MessageDigest md5) {
    try {
      return (MessageDigest) md5.clone();
    } catch (CloneNotSupportedException e) { // a digest need not be cloneable
      return newMd5(md5.getProvider());
    }
  }

  private static MessageDigest newMd5(Provider provider) {
    try {
      return MessageDigest.getInstance(ALGORITHM, provider);
    } catch (NoSuchAlgorithmException e) {
      throw new CacheException("The security provider " + provider + " has lost its MD5", e);
    }
  }

  private static MessageDigest md5(List<ServerAddress> servers) {
    try {
      return MessageDigest.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new CacheException(
          "Several servers "
              + servers
              + " share the keys by "
              + ALGORITHM
              + ", which this Java runtime lacks; it may be restricted to approved cryptography"
              + " (FIPS 140). Nothing is protected by it: give the runtime a security provider with"
              + " the message digest "
              + ALGORITHM
              + ", or name a single server, which needs none",
          e);
    }
  }
}
