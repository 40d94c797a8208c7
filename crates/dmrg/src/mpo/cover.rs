//! Minimal vertex covers of bipartite graphs.

/// Returns a smallest set of vertices that touches every edge, as flags of the left and of the right vertices.
/// `edges[u]` lists the right neighbours of left vertex u.
///
/// Uses a largest matching (Hopcroft & Karp 1973) and König's theorem. Among all smallest covers, it returns the one
/// with the most left vertices, which does not depend on the matching.
pub(crate) fn cover(edges: &[Vec<u32>], right: usize) -> (Vec<bool>, Vec<bool>) {
    let matching = Matching::largest(edges, right);
    // Vertices reached by alternating paths from unmatched left vertices.
    let mut left_seen: Vec<bool> = matching.of_left.iter().map(Option::is_none).collect();
    let mut right_seen = vec![false; right];
    let mut queue: Vec<usize> = (0..edges.len()).filter(|u| left_seen[*u]).collect();
    while let Some(u) = queue.pop() {
        for v in edges[u].iter().map(|v| *v as usize) {
            if !right_seen[v] {
                right_seen[v] = true;
                if let Some(next) = matching.of_right[v].filter(|next| !left_seen[*next]) {
                    left_seen[next] = true;
                    queue.push(next);
                }
            }
        }
    }
    (left_seen.into_iter().map(|seen| !seen).collect(), right_seen)
}

struct Matching {
    of_left: Vec<Option<usize>>,
    of_right: Vec<Option<usize>>,
}

impl Matching {
    fn largest(edges: &[Vec<u32>], right: usize) -> Self {
        let mut matching = Self { of_left: vec![None; edges.len()], of_right: vec![None; right] };
        for (u, neighbours) in edges.iter().enumerate() {
            if let Some(v) = neighbours.iter().map(|v| *v as usize).find(|v| matching.of_right[*v].is_none()) {
                (matching.of_left[u], matching.of_right[v]) = (Some(v), Some(u));
            }
        }
        while let Some(levels) = matching.levels(edges) {
            let mut tried = vec![0; edges.len()];
            for u in 0..edges.len() {
                if matching.of_left[u].is_none() {
                    matching.augment(u, edges, &levels, &mut tried);
                }
            }
        }
        matching
    }

    /// Lengths of the shortest alternating paths from free left vertices; `None` if no path ends in a free right
    /// vertex.
    fn levels(&self, edges: &[Vec<u32>]) -> Option<Vec<usize>> {
        let mut levels: Vec<usize> = self.of_left.iter().map(|v| if v.is_none() { 0 } else { usize::MAX }).collect();
        let mut queue: Vec<usize> = (0..edges.len()).filter(|u| levels[*u] == 0).collect();
        let mut open = false;
        let mut at = 0;
        while at < queue.len() {
            let u = queue[at];
            at += 1;
            for v in edges[u].iter().map(|v| *v as usize) {
                match self.of_right[v] {
                    None => open = true,
                    Some(next) if levels[next] == usize::MAX => {
                        levels[next] = levels[u] + 1;
                        queue.push(next);
                    }
                    Some(_) => {}
                }
            }
        }
        open.then_some(levels)
    }

    /// Searches depth first along the levels, without recursion; the first `tried[u]` edges of u are dead ends.
    fn augment(&mut self, root: usize, edges: &[Vec<u32>], levels: &[usize], tried: &mut [usize]) {
        let mut path = vec![root];
        while let Some(&u) = path.last() {
            let Some(v) = edges[u].get(tried[u]).map(|v| *v as usize) else {
                path.pop();
                if let Some(&before) = path.last() {
                    tried[before] += 1;
                }
                continue;
            };
            match self.of_right[v] {
                None => {
                    for &left in path.iter().rev() {
                        let v = edges[left][tried[left]] as usize;
                        // Each edge is used once per phase.
                        tried[left] += 1;
                        self.of_right[v] = Some(left);
                        self.of_left[left] = Some(v);
                    }
                    return;
                }
                Some(next) if levels[next] == levels[u] + 1 => path.push(next),
                Some(_) => tried[u] += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_are_smallest() {
        // Checks every graph of 4 + 3 vertices against all sets of vertices.
        for mask in 0..1_u32 << 12 {
            let edges: Vec<Vec<u32>> =
                (0..4).map(|u| (0..3).filter(|v| mask >> (u * 3 + *v as usize) & 1 == 1).collect()).collect();
            let touches = |left: &dyn Fn(usize) -> bool, right: &dyn Fn(usize) -> bool| {
                edges.iter().enumerate().all(|(u, list)| list.iter().all(|v| left(u) || right(*v as usize)))
            };
            let (left, right) = cover(&edges, 3);
            assert!(touches(&|u| left[u], &|v| right[v]));
            let size = left.iter().chain(&right).filter(|x| **x).count();
            let best = (0..1_u32 << 7)
                .filter(|set| touches(&|u| set >> u & 1 == 1, &|v| set >> (4 + v) & 1 == 1))
                .map(u32::count_ones)
                .min();
            assert_eq!(Some(size as u32), best, "{edges:?}");
        }
    }
}
