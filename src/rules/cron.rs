//! The times of `System.schedule`: `seconds minutes hours day-of-month month day-of-week year` (PA-05).

use std::collections::BTreeSet;

/// When a job starts.
pub(super) struct Cron {
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    days: Days,
    months: Days,
    weekdays: Days,
}

/// Days, months or weekdays as written, split at commas; nothing for all of them.
type Days = Option<BTreeSet<String>>;

impl Cron {
    /// Nothing where the text is no time.
    pub(super) fn read(text: &str) -> Option<Cron> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [_, minutes, hours, days, months, weekdays, ..] = fields.as_slice() else {
            return None;
        };
        Some(Cron {
            minutes: numbers(minutes, 59)?,
            hours: numbers(hours, 23)?,
            days: named(days),
            months: named(months),
            weekdays: named(weekdays),
        })
    }

    /// Whether some minute is part of both.
    pub(super) fn meets(&self, other: &Cron) -> bool {
        let common = |a: &Days, b: &Days| match (a, b) {
            (Some(a), Some(b)) => !a.is_disjoint(b),
            _ => true,
        };
        !self.minutes.is_disjoint(&other.minutes)
            && !self.hours.is_disjoint(&other.hours)
            && common(&self.days, &other.days)
            && common(&self.months, &other.months)
            && common(&self.weekdays, &other.weekdays)
    }
}

/// `*`, `5`, `0,30`, `9-17`, `0/15`, `9-17/2`
fn numbers(field: &str, last: u32) -> Option<BTreeSet<u32>> {
    let mut all = BTreeSet::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => {
                (range, Some(step.parse::<u32>().ok().filter(|step| *step > 0)?))
            }
            None => (part, None),
        };
        let (start, end) = match range.split_once('-') {
            Some((start, end)) => (start.parse().ok()?, end.parse().ok()?),
            None if range == "*" => (0, last),
            None => {
                let start: u32 = range.parse().ok()?;
                (start, if step.is_some() { last } else { start })
            }
        };
        all.extend((start..=end.min(last)).step_by(step.unwrap_or(1) as usize));
    }
    Some(all)
}

fn named(field: &str) -> Days {
    let is_all = matches!(field, "*" | "?") || field.contains(['-', '/', 'L', 'W', '#']);
    (!is_all).then(|| field.split(',').map(str::to_ascii_uppercase).collect())
}

#[cfg(test)]
mod tests {
    use super::Cron;

    fn meets(a: &str, b: &str) -> bool {
        Cron::read(a).unwrap().meets(&Cron::read(b).unwrap())
    }

    #[test]
    fn the_same_minute_of_a_day() {
        assert!(meets("0 0 2 * * ?", "0 0 2 1 * ?"));
        assert!(meets("0 0/15 8-18 * * ?", "0 30 9 * * ?"));
        assert!(!meets("0 0 2 * * ?", "0 30 2 * * ?"));
        assert!(!meets("0 0 2 ? * MON", "0 0 2 ? * TUE"));
        assert!(!meets("0 0 2 * * ?", "0 0 3 * * ?"));
    }

    #[test]
    fn what_is_no_time() {
        assert!(Cron::read("").is_none());
        assert!(Cron::read("0 x 2 * * ?").is_none());
        assert!(Cron::read("0 0/0 2 * * ?").is_none());
    }
}
