// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.InstantSource;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;

/** The instant after which an entry must not be returned, in milliseconds since 1970. */
public final class Deadline {

  /** The deadline of an entry that never expires. */
  public static final long ETERNAL = EnvelopeCodec.NEVER;

  private Deadline() {}

  /** Returns whether an entry with this deadline is live now. */
  public static boolean isAhead(long deadline, InstantSource clock) {
    // To ask the clock for each of many entries takes time.
    return deadline == ETERNAL || clock.millis() < deadline;
  }
}
