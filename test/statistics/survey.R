# Reads designs made by survey.test.ts (one CSV for all) and prints what R's survey says of each: ratio, variance, df, bounds.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust", digits = 17)
rows <- read.csv(commandArgs(TRUE)[1], colClasses = c(case = "integer", kind = "character"))
for (k in unique(rows$case)) {
  d <- rows[rows$case == k, ]
  design <- switch(d$kind[1],
    strata = svydesign(id = ~unit, strata = ~stratum, fpc = ~N, data = d),
    stages = svydesign(id = ~area + unit, strata = ~city + stratum, fpc = ~areas + N, data = d, nest = TRUE),
    size = svydesign(id = ~unit, strata = ~stratum, fpc = ~p, pps = "brewer", data = d))
  s <- subset(design, domain == 1 & m > 0)
  # subset() forgets the chances of the units outside a domain; as totals of products they are all there.
  r <- if (d$kind[1] == "size") svyratio(~I(e * domain), ~I(m * domain), design) else svyratio(~e, ~m, s)
  R <- as.numeric(coef(r)); V <- as.numeric(vcov(r)); df <- degf(s); n <- sum(d$domain == 1 & d$m > 0)
  bound <- function(alpha, side) {
    star <- R * (1 - R) / V * (qt(alpha, n - 1) / qt(alpha, df))^2
    if (side == "upper") qbeta(1 - alpha, star * R + 1, star * (1 - R)) else qbeta(alpha, star * R, star * (1 - R) + 1)
  }
  cat(k, format(R, digits = 17), format(V, digits = 17), df,
      if (V > 0 && df >= 1) format(c(bound(0.025, "lower"), bound(0.025, "upper"), bound(0.05, "upper")), digits = 17)
      else c("NA", "NA", "NA"), "\n")
}
