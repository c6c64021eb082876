package org.memjcache.internal.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
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
 * <p>Immutable.
 */
public final class KetamaRing {

  private static final int DIGESTS_PER_SERVER = 40;
  private static final int POINTS_PER_DIGEST = 4;

  private static final MessageDigest MD5 = md5();

  /** Points in ascending order. */
  private final long[] points;

  /** The server of the point at the same index, as an index into the list of servers. */
  private final int[] owners;

  /** Creates the ring; the order of the servers only decides the indices. */
  public KetamaRing(List<ServerAddress> servers) {
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
        ByteBuffer digest = digest(servers.get(byName[rank]) + "-" + i);
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
    if (points.length == DIGESTS_PER_SERVER * POINTS_PER_DIGEST) {
      return 0; // a single server
    }
    long hash = Integer.toUnsignedLong(digest(key).getInt(0));
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

  private static ByteBuffer digest(String text) {
    try {
      // Cheaper than looking up the provider each time, and unlike a ThreadLocal it leaves nothing.
      MessageDigest md5 = (MessageDigest) MD5.clone();
      return ByteBuffer.wrap(md5.digest(text.getBytes(StandardCharsets.UTF_8)))
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("This Java runtime's MD5 can't be cloned", e);
    }
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has MD5", e);
    }
  }
}
