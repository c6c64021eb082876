// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

/**
 * Whom a memcached lets in: nobody but this user.
 *
 * @param way how he logs in
 * @param user his name
 * @param password his password
 */
public record Login(Way way, String user, String password) {

  /** How users log in. */
  public enum Way {
    /** In the text protocol, memcached's {@code -Y}; it speaks nothing else then. */
    TEXT,
    /** By SASL in the binary protocol, memcached's {@code -S}; it speaks nothing else then. */
    SASL
  }

  /** {@return the command of the text protocol that logs in} */
  public String command() {
    String token = user + " " + password;
    return "set login 0 0 %d\r\n%s".formatted(token.length(), token);
  }
}
