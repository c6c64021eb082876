// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.connection;

/**
 * Something that an application's serializer wrote, and that only the application can read.
 *
 * @param className its class, as far as its first bytes say
 * @param size in bytes
 */
public record Undecoded(String className, int size) {

  @Override
  public String toString() {
    return className + " (" + size + " bytes, not deserialized)";
  }
}
