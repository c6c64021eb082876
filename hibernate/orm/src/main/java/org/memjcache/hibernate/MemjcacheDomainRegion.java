// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import org.hibernate.cache.CacheException;
import org.hibernate.cache.cfg.spi.CollectionDataCachingConfig;
import org.hibernate.cache.cfg.spi.DomainDataCachingConfig;
import org.hibernate.cache.cfg.spi.DomainDataRegionBuildingContext;
import org.hibernate.cache.cfg.spi.DomainDataRegionConfig;
import org.hibernate.cache.cfg.spi.EntityDataCachingConfig;
import org.hibernate.cache.cfg.spi.NaturalIdDataCachingConfig;
import org.hibernate.cache.internal.DefaultCacheKeysFactory;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.cache.spi.access.CollectionDataAccess;
import org.hibernate.cache.spi.access.EntityDataAccess;
import org.hibernate.cache.spi.access.NaturalIdDataAccess;
import org.hibernate.cache.spi.support.DomainDataRegionTemplate;

/** A region of entities, natural ids or collections. Thread-safe. */
final class MemjcacheDomainRegion extends DomainDataRegionTemplate {

  private final RegionStorage storage;

  MemjcacheDomainRegion(
      DomainDataRegionConfig config,
      RegionFactory factory,
      RegionStorage storage,
      DomainDataRegionBuildingContext context) {
    super(config, factory, storage, DefaultCacheKeysFactory.INSTANCE, context);
    this.storage = storage;
  }

  /** Clears the region once, however many kinds of data are in it. */
  @Override
  public void clear() {
    storage.evictData();
  }

  @Override
  protected EntityDataAccess generateTransactionalEntityDataAccess(EntityDataCachingConfig config) {
    throw transactional(config);
  }

  @Override
  protected NaturalIdDataAccess generateTransactionalNaturalIdDataAccess(
      NaturalIdDataCachingConfig config) {
    throw transactional(config);
  }

  @Override
  protected CollectionDataAccess generateTransactionalCollectionDataAccess(
      CollectionDataCachingConfig config) {
    throw transactional(config);
  }

  private static CacheException transactional(DomainDataCachingConfig config) {
    return new CacheException(
        "%s has the concurrency strategy TRANSACTIONAL, but memcached takes no part in transactions;"
                .formatted(config.getNavigableRole().getFullPath())
            + " use READ_WRITE, NONSTRICT_READ_WRITE or READ_ONLY");
  }
}
