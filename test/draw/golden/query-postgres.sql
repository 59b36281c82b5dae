-- R1
WITH units AS (
  SELECT COALESCE(CAST(t."id" AS text), '') AS "id", COALESCE(CAST(t."class" AS text), '') AS "class", COALESCE(CAST(t."city" AS text), '') AS "city", COALESCE(CAST(t."name" AS text), '') AS "name", COALESCE(CAST(t."county" AS text), '') AS "county", COALESCE(CAST(t."行业" AS text), '') AS "行业", COALESCE(CAST(t."规模" AS text), '') AS "规模", COALESCE(CAST(t."状态" AS text), '') AS "状态"
  FROM "units" AS t
  WHERE COALESCE(CAST(t."city" AS text), '') IN ('440100', '440300', '440500') AND COALESCE(CAST(t."class" AS text), '') IN ('industrial', 'agricultural', 'domestic', 'centralized', 'mobile')
    AND NOT (COALESCE(CAST(t."状态" AS text), '') IN ('停产', E'it''s \\ closed'))
    AND NOT (CASE WHEN COALESCE(CAST(t."规模" AS text), '') ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$' THEN CAST(COALESCE(CAST(t."规模" AS text), '') AS double precision) >= CAST('0.5' AS double precision) AND CAST(COALESCE(CAST(t."规模" AS text), '') AS double precision) <= CAST('3' AS double precision) ELSE 1 = 0 END)
    AND NOT (COALESCE(CAST(t."id" AS text), '') IN ('编号5', '𠮷24'))
),
placed AS (
  SELECT 0 AS quota, id, name, population, sure, size,
    CASE WHEN sure = 1 THEN population || '/+take-all' ELSE divided END AS stratum
  FROM (SELECT u.id AS id, u.name AS name, u.city || '/industrial' AS population, u.city || '/industrial' || '/' || CASE WHEN substr(replace(u."county", '/', '_'), 1, 1) = '+' THEN '_' || substr(replace(u."county", '/', '_'), 2) ELSE replace(u."county", '/', '_') END AS divided, 0 AS sure, CAST(1 AS numeric) AS size
    FROM units AS u WHERE u.class = 'industrial') AS q0 WHERE sure = 1 OR size IS NOT NULL
  UNION ALL
  SELECT 1 AS quota, id, name, population, sure, size,
    CASE WHEN sure = 1 THEN population || '/+take-all' ELSE divided END AS stratum
  FROM (SELECT u.id AS id, u.name AS name, u.city || '/agricultural' AS population, u.city || '/agricultural' || '/' || CASE WHEN substr(replace(substr(u."行业", 1, 2), '/', '_'), 1, 1) = '+' THEN '_' || substr(replace(substr(u."行业", 1, 2), '/', '_'), 2) ELSE replace(substr(u."行业", 1, 2), '/', '_') END AS divided, CASE WHEN (CASE WHEN u."规模" ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$' THEN CAST(u."规模" AS double precision) >= CAST('8999999.5' AS double precision) ELSE 1 = 0 END) THEN 1 ELSE 0 END AS sure, CAST(1 AS numeric) AS size
    FROM units AS u WHERE u.class = 'agricultural') AS q1 WHERE sure = 1 OR size IS NOT NULL
  UNION ALL
  SELECT 2 AS quota, id, name, population, sure, size,
    CASE WHEN sure = 1 THEN population || '/+take-all' ELSE divided END AS stratum
  FROM (SELECT u.id AS id, u.name AS name, u.city || '/domestic' AS population, u.city || '/domestic' AS divided, 0 AS sure, greatest(COALESCE(CASE WHEN u."规模" ~ '^[+]?[0-9]+([.][0-9]*)?$' THEN CAST(split_part(replace(u."规模", '+', ''), '.', 1) || rpad(substr(split_part(replace(u."规模", '+', ''), '.', 2), 1, 6), 6, '0') AS numeric) END, CAST(0 AS numeric)), CAST('1' AS numeric)) AS size
    FROM units AS u WHERE u.class = 'domestic') AS q2 WHERE sure = 1 OR size IS NOT NULL
  UNION ALL
  SELECT 3 AS quota, id, name, population, sure, size,
    CASE WHEN sure = 1 THEN population || '/+take-all' ELSE divided END AS stratum
  FROM (SELECT u.id AS id, u.name AS name, u.city || '/centralized/+新_增' AS population, u.city || '/centralized/+新_增' AS divided, 0 AS sure, NULLIF(CASE WHEN u."规模" ~ '^[+]?[0-9]+([.][0-9]*)?$' THEN CAST(split_part(replace(u."规模", '+', ''), '.', 1) || rpad(substr(split_part(replace(u."规模", '+', ''), '.', 2), 1, 6), 6, '0') AS numeric) END, CAST(0 AS numeric)) AS size
    FROM units AS u WHERE u.class = 'centralized' AND (u."状态" IN ('运行'))) AS q3 WHERE sure = 1 OR size IS NOT NULL
  UNION ALL
  SELECT 4 AS quota, id, name, population, sure, size,
    CASE WHEN sure = 1 THEN population || '/+take-all' ELSE divided END AS stratum
  FROM (SELECT u.id AS id, u.name AS name, u.city || '/centralized/+删除' AS population, u.city || '/centralized/+删除' AS divided, 0 AS sure, CAST(1 AS numeric) AS size
    FROM units AS u WHERE u.class = 'centralized' AND (u."状态" IN ('关闭'))) AS q4 WHERE sure = 1 OR size IS NOT NULL
  UNION ALL
  SELECT 5 AS quota, id, name, population, sure, size,
    CASE WHEN sure = 1 THEN population || '/+take-all' ELSE divided END AS stratum
  FROM (SELECT u.id AS id, u.name AS name, u.city || '/mobile' AS population, u.city || '/mobile' || '/' || CASE WHEN substr(replace(u."county", '/', '_'), 1, 1) = '+' THEN '_' || substr(replace(u."county", '/', '_'), 2) ELSE replace(u."county", '/', '_') END AS divided, 0 AS sure, CAST(1 AS numeric) AS size
    FROM units AS u WHERE u.class = 'mobile') AS q5 WHERE sure = 1 OR size IS NOT NULL
),
sizes AS (
  SELECT quota, population, stratum, sure, CAST(count(*) AS bigint) AS total
  FROM placed GROUP BY quota, population, stratum, sure
),
shares_1 AS (
  SELECT quota, stratum, sure, total, part + CASE WHEN place <= extra THEN 1 ELSE 0 END AS shared
  FROM (SELECT r.*, asked - CAST(sum(part) OVER (PARTITION BY population) AS bigint) AS extra,
    CAST(row_number() OVER (PARTITION BY population ORDER BY remainder DESC, total DESC, stratum COLLATE "C") AS bigint) AS place
  FROM (SELECT w.*, asked * total - everyone * part AS remainder
  FROM (SELECT a.*, (asked * total) / (everyone) AS part
  FROM (SELECT c.*, least(CAST(41 AS bigint), CAST(everyone AS bigint)) AS asked
    FROM (SELECT s.*, CAST(sum(total) OVER (PARTITION BY population) AS bigint) AS everyone
      FROM sizes AS s WHERE quota = 1 AND sure = 0) AS c) AS a) AS w) AS r) AS p
),
shares_5 AS (
  SELECT quota, stratum, sure, total, base + CASE WHEN total > level AND place <= extra THEN 1 ELSE 0 END AS shared
  FROM (SELECT b.*, asked - CAST(sum(base) OVER (PARTITION BY population) AS bigint) AS extra,
    CAST(row_number() OVER (PARTITION BY population ORDER BY CASE WHEN total > level THEN 0 ELSE 1 END, total DESC, stratum COLLATE "C") AS bigint) AS place
  FROM (SELECT l.*, least(total, level) AS base
  FROM (SELECT o.*, CAST(max(CASE WHEN asked >= smaller THEN (asked - smaller) / (larger) ELSE 0 END) OVER (PARTITION BY population) AS bigint) AS level
  FROM (SELECT a.*, CAST(sum(total) OVER (PARTITION BY population ORDER BY total, stratum COLLATE "C" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS bigint) - total AS smaller,
    CAST(count(*) OVER (PARTITION BY population) AS bigint) - CAST(row_number() OVER (PARTITION BY population ORDER BY total, stratum COLLATE "C") AS bigint) + 1 AS larger
  FROM (SELECT c.*, least(CAST(17 AS bigint), CAST(everyone AS bigint)) AS asked
    FROM (SELECT s.*, CAST(sum(total) OVER (PARTITION BY population) AS bigint) AS everyone
      FROM sizes AS s WHERE quota = 5 AND sure = 0) AS c) AS a) AS o) AS l) AS b) AS p
),
allocated AS (
  SELECT stratum, total, n, CASE WHEN sure = 1 THEN 0 ELSE CAST(least(greatest(CAST(0 AS bigint), (2 * n + 10 - 1) / (10)), CAST(total - n AS bigint)) AS bigint) END AS reserve
  FROM (SELECT quota, stratum, sure, total, CAST(least(least(CAST(40 AS bigint), greatest(CAST(3 AS bigint), (15 * total + 1000 - 1) / (1000))), CAST(total AS bigint)) AS bigint) AS n FROM sizes WHERE quota = 0 AND sure = 0) AS n0
  UNION ALL
  SELECT stratum, total, n, CASE WHEN sure = 1 THEN 0 ELSE CAST(least(CAST(2 AS bigint), CAST(total - n AS bigint)) AS bigint) END AS reserve
  FROM (SELECT quota, stratum, sure, total, CAST(shared AS bigint) AS n FROM shares_1
    UNION ALL SELECT quota, stratum, sure, total, total AS n FROM sizes WHERE quota = 1 AND sure = 1) AS n1
  UNION ALL
  SELECT stratum, total, n, CASE WHEN sure = 1 THEN 0 ELSE CAST(least(CAST(5 AS bigint), CAST(total - n AS bigint)) AS bigint) END AS reserve
  FROM (SELECT quota, stratum, sure, total, CAST(least(CAST(30 AS bigint), CAST(total AS bigint)) AS bigint) AS n FROM sizes WHERE quota = 2 AND sure = 0) AS n2
  UNION ALL
  SELECT stratum, total, n, CASE WHEN sure = 1 THEN 0 ELSE CAST(least(CAST(1 AS bigint), CAST(total - n AS bigint)) AS bigint) END AS reserve
  FROM (SELECT quota, stratum, sure, total, CAST(least(greatest(CAST(0 AS bigint), (7 * total + 10000 - 1) / (10000)), CAST(total AS bigint)) AS bigint) AS n FROM sizes WHERE quota = 3 AND sure = 0) AS n3
  UNION ALL
  SELECT stratum, total, n, CASE WHEN sure = 1 THEN 0 ELSE CAST(least(CAST(0 AS bigint), CAST(total - n AS bigint)) AS bigint) END AS reserve
  FROM (SELECT quota, stratum, sure, total, CAST(least(CAST(7 AS bigint), CAST(total AS bigint)) AS bigint) AS n FROM sizes WHERE quota = 4 AND sure = 0) AS n4
  UNION ALL
  SELECT stratum, total, n, CASE WHEN sure = 1 THEN 0 ELSE CAST(least(CAST(0 AS bigint), CAST(total - n AS bigint)) AS bigint) END AS reserve
  FROM (SELECT quota, stratum, sure, total, CAST(shared AS bigint) AS n FROM shares_5) AS n5
),
tickets AS (
  SELECT p.quota AS quota, p.stratum AS stratum, p.sure AS sure, p.size AS size, p.id AS id, p.name AS name,
    a.total AS total, a.n AS n, a.reserve AS reserve, encode(sha256(convert_to('dfff6d4217028bc7d9dae9cd9d05fde3e5a46962a23fb977ac84c63e15a7c5be:' || p.id, 'UTF8')), 'hex') AS ticket
  FROM placed AS p JOIN allocated AS a ON a.stratum = p.stratum
),
ordered AS (
  SELECT t.*, CASE WHEN sure = 0 AND quota IN (2, 3) THEN 1 ELSE 0 END AS by_size,
    CAST(row_number() OVER (PARTITION BY stratum ORDER BY size DESC, id COLLATE "C") AS bigint) - 1 AS above,
    sum(size) OVER (PARTITION BY stratum ORDER BY size DESC, id COLLATE "C" ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS below
  FROM tickets AS t
),
cut AS (
  SELECT o.*, COALESCE(min(CASE WHEN above >= n OR CAST(n - above AS numeric) * size < below THEN above END)
    OVER (PARTITION BY stratum), total) AS certain
  FROM ordered AS o
),
weighed AS (
  SELECT c.*, max(CASE WHEN above = certain THEN below END) OVER (PARTITION BY stratum) AS weight
  FROM cut AS c
),
keyed AS (
  SELECT w.*, CASE WHEN by_size = 1 AND above < certain THEN 1 ELSE 0 END AS is_certain,
    CASE WHEN by_size = 0 THEN CAST(0 AS double precision) WHEN above < certain THEN CAST(-1 AS double precision)
      ELSE CAST(2 * CAST(CAST('x' || lpad(substr(ticket, 1, 13), 16, '0') AS bit(64)) AS bigint) + 1 AS double precision) / CAST(size AS double precision) END AS ranking_key,
    CASE WHEN by_size = 1 AND above >= certain THEN CAST(n - certain AS double precision) * CAST(size AS double precision) / CAST(weight AS double precision) END AS chance_by_size
  FROM weighed AS w
),
ranked AS (
  SELECT t.*, CAST(row_number() OVER (
    PARTITION BY stratum ORDER BY ranking_key, ticket COLLATE "C", id COLLATE "C") AS bigint) AS place
  FROM keyed AS t
)
SELECT stratum, place AS "rank",
  CASE WHEN sure = 1 OR is_certain = 1 THEN 'certainty' WHEN place <= n THEN 'primary' ELSE 'reserve' END AS role,
  id, name, ticket, CASE WHEN sure = 1 OR is_certain = 1 THEN CAST(1 AS double precision) WHEN by_size = 1 THEN chance_by_size ELSE CAST(n AS double precision) / CAST(total AS double precision) END AS inclusion_probability, total AS stratum_units, n AS stratum_drawn
FROM ranked WHERE place <= n + reserve
ORDER BY stratum COLLATE "C", place
