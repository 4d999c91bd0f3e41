//! Which histories can be explained: those of a queue, told by hand, and all small ones of a register.

use std::collections::VecDeque;

use heddle::history::{Operation, linearize};

/// A call of a queue without a limit.
#[derive(Clone, Copy, Debug)]
enum Call {
    Put(u32),
    Get,
}

use Call::{Get, Put};

type Done = Operation<Call, Option<u32>>;

fn done(began: u64, ended: u64, call: Call, result: Option<u32>) -> Done {
    Operation {
        call,
        result,
        began,
        ended,
    }
}

fn queue(items: &mut VecDeque<u32>, call: &Call, result: &Option<u32>) -> bool {
    match *call {
        Put(item) => items.push_back(item),
        Get => return items.pop_front() == *result,
    }
    result.is_none()
}

fn order(operations: &[Done]) -> Option<Vec<usize>> {
    linearize(operations, VecDeque::new(), queue)
}

/// Nothing needs no explanation.
#[test]
fn an_empty_history_is_explained() {
    assert_eq!(order(&[]), Some(vec![]));
}

/// Calls that follow each other stay in their order.
#[test]
fn calls_that_do_not_overlap_keep_their_order() {
    let in_turn = [
        done(0, 1, Put(1), None),
        done(2, 3, Put(2), None),
        done(4, 5, Get, Some(1)),
        done(6, 7, Get, Some(2)),
    ];
    assert_eq!(order(&in_turn), Some(vec![0, 1, 2, 3]));
}

/// Of two puts at the same time either may have been first.
#[test]
fn calls_that_overlap_may_have_come_either_way() {
    for (first, second) in [(1, 2), (2, 1)] {
        let gets = [
            done(0, 3, Put(1), None),
            done(1, 2, Put(2), None),
            done(4, 5, Get, Some(first)),
            done(6, 7, Get, Some(second)),
        ];
        assert!(order(&gets).is_some(), "{first} before {second}");
    }
}

/// The order in which operations are listed means nothing.
#[test]
fn a_list_may_be_in_any_order() {
    let backwards = [done(2, 3, Get, Some(1)), done(0, 1, Put(1), None)];
    assert_eq!(order(&backwards), Some(vec![1, 0]));
}

/// Last in, first out is no queue.
#[test]
fn a_wrong_order_is_refused() {
    let stack = [
        done(0, 1, Put(1), None),
        done(2, 3, Put(2), None),
        done(4, 5, Get, Some(2)),
    ];
    assert_eq!(order(&stack), None);
}

/// An item that two threads got was put once.
#[test]
fn an_item_got_twice_is_refused() {
    let doubled = [
        done(0, 1, Put(1), None),
        done(2, 5, Get, Some(1)),
        done(3, 4, Get, Some(1)),
    ];
    assert_eq!(order(&doubled), None);
}

/// An empty answer that began after a put had ended saw the past.
#[test]
fn an_old_answer_is_refused() {
    let stale = [done(0, 1, Put(1), None), done(2, 3, Get, None)];
    assert_eq!(order(&stale), None);
    let overlapping = [done(0, 2, Put(1), None), done(1, 3, Get, None)];
    assert_eq!(order(&overlapping), Some(vec![1, 0]));
}

/// An item that was got before anybody put it came from nowhere.
#[test]
fn an_answer_before_its_cause_is_refused() {
    let early = [done(0, 1, Get, Some(1)), done(2, 3, Put(1), None)];
    assert_eq!(order(&early), None);
}

/// Two readers that saw two puts the other way round contradict each other, though each alone is right.
#[test]
fn answers_that_contradict_each_other_are_refused() {
    let crossed = [
        done(0, 9, Put(1), None),
        done(1, 8, Put(2), None),
        done(10, 11, Get, Some(1)),
        done(12, 13, Get, Some(1)),
    ];
    assert_eq!(order(&crossed), None);
    assert!(order(&crossed[..3]).is_some());
}

/// The search takes back what it has tried: the first order that comes to mind need not be the one.
#[test]
fn a_guess_is_taken_back() {
    let calls = [
        done(0, 20, Put(1), None),
        done(1, 21, Put(2), None),
        done(2, 22, Put(3), None),
        done(23, 24, Get, Some(3)),
        done(25, 26, Get, Some(1)),
        done(27, 28, Get, Some(2)),
    ];
    assert_eq!(order(&calls), Some(vec![2, 0, 1, 3, 4, 5]));
}

/// Every history of four calls of a register gets the answer that trying all orders gives.
#[test]
fn the_search_agrees_with_trying_every_order() {
    // Reads are Some(what was read), writes None with the value in the call.
    let step = |value: &mut u32, call: &Call, result: &Option<u32>| match *call {
        Put(new) => {
            *value = new;
            result.is_none()
        }
        Get => *result == Some(*value),
    };
    let calls = [
        (Put(1), None),
        (Put(2), None),
        (Get, Some(0)),
        (Get, Some(1)),
        (Get, Some(2)),
    ];
    // When the four begin and end: in turn, all at once, nested, staggered, in two pairs.
    let times = [
        [(0, 1), (2, 3), (4, 5), (6, 7)],
        [(0, 4), (1, 5), (2, 6), (3, 7)],
        [(0, 7), (1, 6), (2, 5), (3, 4)],
        [(0, 2), (1, 4), (3, 6), (5, 7)],
        [(0, 2), (1, 3), (4, 6), (5, 7)],
    ];
    let mut verdicts = [0, 0];
    for history in 0..5_usize.pow(4) * times.len() {
        let (choice, times) = (history / times.len(), times[history % times.len()]);
        let operations: Vec<Done> = (0..4)
            .map(|at| {
                let (call, result) = calls[choice / 5_usize.pow(at as u32) % 5];
                done(times[at].0, times[at].1, call, result)
            })
            .collect();
        let found = linearize(&operations, 0, step);
        if let Some(order) = &found {
            assert!(
                explains(&operations, order, step),
                "{order:?} {operations:?}"
            );
        }
        let any = orders(4)
            .iter()
            .any(|order| explains(&operations, order, step));
        assert_eq!(found.is_some(), any, "{operations:?}");
        verdicts[usize::from(any)] += 1;
    }
    assert!(verdicts[0] > 500 && verdicts[1] > 500, "{verdicts:?}");
}

/// Whether the order keeps what did not overlap, and the object says yes to each call in turn.
fn explains<S: Default>(
    operations: &[Done],
    order: &[usize],
    step: impl Fn(&mut S, &Call, &Option<u32>) -> bool,
) -> bool {
    let keeps = |(at, &early): (usize, &usize)| {
        let mut later = order[at..].iter();
        later.all(|&late| operations[late].ended >= operations[early].began)
    };
    let mut state = S::default();
    order.len() == operations.len()
        && order.iter().enumerate().all(keeps)
        && order
            .iter()
            .all(|&at| step(&mut state, &operations[at].call, &operations[at].result))
}

/// Every order of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![vec![]];
    };
    let shorter = orders(last).into_iter();
    shorter
        .flat_map(|order| {
            (0..count).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, last);
                longer
            })
        })
        .collect()
}
