// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.TlsSettings;
import org.memjcache.internal.text.ErrorText;

/**
 * Says what it means that TLS has failed, and which option is about it. The JDK tells alerts of the
 * server (RFC 8446, 6.2) and most of its own findings by the text of an exception only. Immutable.
 */
final class TlsFailures {

  private static final String ALERT = "Received fatal alert: ";

  private final TlsSettings settings;

  TlsFailures(TlsSettings settings) {
    this.settings = settings;
  }

  IOException ofHandshake(SSLException e) {
    CertificateException refused = certificateProblem(e);
    if (refused != null) {
      String found = String.valueOf(refused.getMessage());
      return failure(
          settings.context() == null
              ? found
              : "the SSLContext given in code refuses its certificate: " + ErrorText.message(found),
          e);
    }
    String text = String.valueOf(e.getMessage());
    String alert = alert(text);
    if (alert != null) {
      return failure(ofAlert(alert), e);
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("unrecognized ssl message") || lower.contains("unsupported record")) {
      return failure("it answered without TLS; " + UNENCRYPTED, e);
    }
    if (lower.contains("protocol")) {
      return failure(noCommonProtocol() + " (" + ErrorText.message(text) + ")", e);
    }
    return failure("the handshake of TLS failed: " + ErrorText.message(text), e);
  }

  /** With TLS 1.3 a server refuses the certificate of a client after the client's handshake. */
  IOException ofReading(SSLException e) {
    String text = String.valueOf(e.getMessage());
    String alert = alert(text);
    return failure(alert == null ? "TLS failed: " + ErrorText.message(text) : ofAlert(alert), e);
  }

  /** Returns the alert that the JDK says to have received; newer ones put it in front, too. */
  private static @Nullable String alert(String text) {
    int said = text.indexOf(ALERT);
    return said < 0 ? null : text.substring(said + ALERT.length());
  }

  IOException hungUp(IOException cause) {
    return failure(
        "it closed the connection during the handshake of TLS. "
            + suspicion()
            + "; or no protocol or cipher is common: options tls.protocols and tls.ciphers; or "
            + UNENCRYPTED,
        cause);
  }

  String ofTimeout() {
    return "the handshake of TLS did not come to an end; perhaps " + UNENCRYPTED;
  }

  String suspicion() {
    return hasCertificate()
        ? "Perhaps it refuses the certificate of the option tls.certificate"
        : "Perhaps it demands a certificate of its clients: set the options tls.certificate and"
            + " tls.key";
  }

  private static final String UNENCRYPTED =
      "it speaks none: start it with -Z, or set the option tls=false (memcached:// in the URI)";

  private boolean hasCertificate() {
    return settings.certificate() != null || settings.context() != null;
  }

  private String ofAlert(String alert) {
    return switch (alert) {
      case "certificate_required" -> demandsCertificate(alert);
      case "handshake_failure" ->
          noCommon("cipher", alert, "tls.ciphers")
              + (hasCertificate()
                  ? ", or it accepts no certificate of the authority that issued the one of the"
                      + " option tls.certificate"
                  : ", or it demands a certificate of its clients: options tls.certificate and"
                      + " tls.key");
      case "insufficient_security" -> noCommon("cipher", alert, "tls.ciphers");
      case "protocol_version" -> noCommonProtocol() + " (alert " + alert + ")";
      case "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca",
          "access_denied",
          "decrypt_error" ->
          hasCertificate()
              ? "it refuses the certificate of the option tls.certificate (alert " + alert + ")"
              : demandsCertificate(alert);
      case "unrecognized_name" -> "it doesn't know the name by which the option servers calls it";
      default -> "it ended TLS with the alert " + ErrorText.of(alert);
    };
  }

  private String demandsCertificate(String alert) {
    return "it demands a certificate of its clients (alert "
        + alert
        + (hasCertificate()
            ? "), and accepts none of the authority that issued the one of the option"
                + " tls.certificate"
            : "), and none is configured; set the options tls.certificate and tls.key");
  }

  private static String noCommon(String what, String alert, String option) {
    return "no "
        + what
        + " of TLS is common to it and this client (alert "
        + alert
        + "), see the option "
        + option;
  }

  private String noCommonProtocol() {
    return "it speaks none of the protocols of the option tls.protocols, "
        + String.join(", ", settings.protocols());
  }

  private static IOException failure(String message, Throwable cause) {
    return new TlsException(message, cause);
  }

  /** Returns the finding of the trust manager, the outermost one, which is in plain words. */
  private static @Nullable CertificateException certificateProblem(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException problem) {
        return problem;
      }
    }
    return null;
  }
}
