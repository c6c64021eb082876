// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.spring.boot.Hotels.WithTenants.TENANT;
import static org.memjcache.spring.boot.Hotels.WithTenants.as;

import org.junit.jupiter.api.Test;
import org.memjcache.spring.boot.Hotels.Hotel;
import org.memjcache.spring.boot.Hotels.WithTenants;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** With {@code memjcache.caches.transaction-aware}, changes wait for the commit. */
@Memcached
class TransactionsTest {

  private final ApplicationContextRunner runner;

  TransactionsTest(MemcachedServer server) {
    this.runner =
        new ApplicationContextRunner()
            .withUserConfiguration(WithTenants.class)
            .withPropertyValues(
                "memjcache.servers=" + server.address(),
                "spring.application.name=hotels",
                "memjcache.timeout=20s", // a busy machine is no miss
                "memjcache.connect-timeout=20s");
  }

  @Test
  void transactionAware_putIsThereAfterTheCommit_forTheTenantOfThePut() {
    runner
        .withPropertyValues("memjcache.caches.transaction-aware=true")
        .run(
            context -> {
              Cache hotels = context.getBean(CacheManager.class).getCache("hotels");
              Transactions.template()
                  .executeWithoutResult(
                      status -> {
                        TENANT.set("Lisboa");
                        hotels.put(1, "Casa Alfama");
                        assertThat(hotels.get(1)).isNull();
                        TENANT.set("Barcelona");
                      });
              TENANT.remove();

              assertThat(as("Lisboa", () -> hotels.get(1, String.class))).isEqualTo("Casa Alfama");
              assertThat(as("Barcelona", () -> hotels.get(1))).isNull();
            });
  }

  @Test
  void transactionAware_rolledBack_evictsNothing() {
    runner
        .withPropertyValues("memjcache.caches.transaction-aware=true")
        .run(
            context -> {
              Hotels hotels = context.getBean(Hotels.class);
              Hotel found = hotels.find(2);
              Transactions.template()
                  .executeWithoutResult(
                      status -> {
                        hotels.forget();
                        status.setRollbackOnly();
                      });
              assertThat(hotels.find(2)).isEqualTo(found);
            });
  }

  @Test
  void notTransactionAware_isTheDefault() {
    runner.run(
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          Hotel found = hotels.find(3);
          Transactions.template()
              .executeWithoutResult(
                  status -> {
                    hotels.forget();
                    status.setRollbackOnly();
                  });
          assertThat(hotels.find(3)).isNotEqualTo(found);
        });
  }

  /** Transactions of nothing. */
  private static final class Transactions extends AbstractPlatformTransactionManager {

    static TransactionTemplate template() {
      return new TransactionTemplate(new Transactions());
    }

    @Override
    protected Object doGetTransaction() {
      return new Object();
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {}

    @Override
    protected void doCommit(DefaultTransactionStatus status) {}

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}

    private static final long serialVersionUID = 1;
  }
}
