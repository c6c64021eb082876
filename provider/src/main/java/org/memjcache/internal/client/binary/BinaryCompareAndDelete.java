package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;

/**
 * {@link CompareAndDeleteRequest} in the binary protocol, whose {@code Delete} takes a cas token.
 */
public final class BinaryCompareAndDelete extends BinaryRequest {

  private final CompareAndDeleteRequest deletion;
  private final long cas;

  public BinaryCompareAndDelete(CompareAndDeleteRequest deletion, String key, long cas) {
    super(deletion, BinaryHeader.DELETE, key);
    this.deletion = deletion;
    this.cas = cas;
  }

  @Override
  long cas() {
    return cas;
  }

  @Override
  boolean answered(BinaryHeader packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryHeader.SUCCESS -> deletion.answered(CompareAndDeleteRequest.Result.DELETED);
      case BinaryHeader.EXISTS -> deletion.answered(CompareAndDeleteRequest.Result.EXISTS);
      case BinaryHeader.NOT_FOUND -> deletion.answered(CompareAndDeleteRequest.Result.NOT_FOUND);
      default -> {
        return false;
      }
    }
    return true;
  }
}
