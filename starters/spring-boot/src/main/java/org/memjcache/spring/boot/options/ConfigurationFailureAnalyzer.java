// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import java.util.Objects;
import org.memjcache.InvalidConfigurationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a wrong option as Spring Boot shows other mistakes: without a stack trace. */
class ConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationException> {

  @Override
  protected FailureAnalysis analyze(Throwable failure, InvalidConfigurationException cause) {
    return new FailureAnalysis(
        Objects.requireNonNullElse(cause.getMessage(), "A property under memjcache is wrong"),
        "Correct the property. docs/configuration.md of MemJCache has all options, docs/frameworks.md"
            + " those of the starter.",
        cause);
  }
}
