package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import org.memjcache.internal.client.command.DeleteRequest;

/** {@link DeleteRequest} in the binary protocol: {@code Delete}. */
public final class BinaryDelete extends BinaryRequest {

  private final DeleteRequest deletion;

  public BinaryDelete(DeleteRequest deletion, String key) {
    super(deletion, BinaryHeader.DELETE, key);
    this.deletion = deletion;
  }

  @Override
  boolean answered(BinaryHeader packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryHeader.SUCCESS -> deletion.answered(true);
      case BinaryHeader.NOT_FOUND -> deletion.answered(false);
      default -> {
        return false;
      }
    }
    return true;
  }
}
