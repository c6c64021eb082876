// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with the servers. Two are equal if all of it is, a context by identity.
 * Immutable; no text of this class shows a password.
 *
 * @param trust a file with the certificates of authorities; null for those that the JDK trusts
 * @param trustPassword of that file, if it is a key store with one
 * @param certificate a file with the certificate of this client; null if it has none
 * @param certificatePassword of that file, if it is a key store
 * @param key a file with the private key of the certificate, unless it is a key store
 * @param verify what has to be right in the certificate of a server
 * @param protocols versions of TLS by their names in the JDK; not empty
 * @param ciphers cipher suites by their names in the JDK; empty for those of the JDK
 * @param context has authorities and certificate in place of files; null if there is none
 */
public record TlsSettings(
    @Nullable Path trust,
    @Nullable String trustPassword,
    @Nullable Path certificate,
    @Nullable String certificatePassword,
    @Nullable Path key,
    Verification verify,
    List<String> protocols,
    List<String> ciphers,
    @Nullable SSLContext context) {

  /** All versions of TLS that are spoken. */
  public static final List<String> ALL_PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

  /** What has to be right in the certificate of a server. */
  public enum Verification {
    /** Who issued it, and the name or address that the server is configured by. */
    HOSTNAME,
    /** Who issued it. */
    CHAIN
  }

  public TlsSettings {
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
  }

  @Override
  public String toString() {
    return "TlsSettings[trust="
        + trust
        + ", certificate="
        + certificate
        + ", key="
        + key
        + ", verify="
        + verify
        + ", protocols="
        + protocols
        + ", ciphers="
        + ciphers
        + (context == null ? "]" : ", context given]");
  }
}
